/**
 * Base of every error that comes from talking to a Kronicle service.
 *
 * Not among them are mistakes in what was handed to the SDK, such as an invalid `Date` or a channel id that is no UUID: those
 * are a `TypeError`, thrown before anything is sent.
 *
 * @example
 * ```ts
 * import { createKronicle, KronicleError } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * try {
 *   await kronicle.reader.listChannels().page();
 * } catch (error) {
 *   if (!(error instanceof KronicleError)) throw error;
 *   console.error(error.name, error.message);
 * }
 * ```
 */
export class KronicleError extends Error {
  /** Name of the class, for logs: it stays as it is when a bundler renames the class. Branch on `instanceof`. */
  override name = "KronicleError";
}
