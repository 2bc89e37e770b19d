import { KronicleError } from "./kronicle-error.ts";

/** @inline */
type Details = ErrorOptions & {
  /** Of the answer that was not one of Kronicle. Default: there was none. */
  readonly status?: number;
};

/**
 * No usable answer came: the service was not reached, the connection broke, or somebody else answered, such as a proxy with an
 * HTML page.
 *
 * Whether a write was done is not known then. `cause` keeps what `fetch` threw, for people to read; do not branch on it. What `fetch`
 * throws that is no fault of the network is not wrapped.
 *
 * @example
 * ```ts
 * import { createKronicle, NetworkError } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * try {
 *   await kronicle.reader.listChannels().page();
 * } catch (error) {
 *   if (!(error instanceof NetworkError)) throw error;
 *   console.error(error.message, error.cause);
 * }
 * ```
 */
export class NetworkError extends KronicleError {
  override name = "NetworkError";

  /** HTTP status of the answer that was not one of Kronicle; null when there was none. */
  declare readonly status: number | null;

  /** The client makes these; a test of a program may make one as well. */
  constructor(message: string, { status, ...options }: Details = {}) {
    super(message, options);
    this.status = status ?? null;
  }
}
