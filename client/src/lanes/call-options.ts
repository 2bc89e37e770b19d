/**
 * What every call takes.
 *
 * @example
 * ```ts
 * import { type CallOptions, createKronicle } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const soon: CallOptions = { signal: AbortSignal.timeout(2_000) };
 * const { channels } = await kronicle.reader.listChannels({}, soon).page();
 * console.log(channels.length);
 * ```
 */
export type CallOptions = {
  /** Gives the call up, with its retries, and throws the signal's `reason`. Default: only the timeouts of the client do. */
  readonly signal?: AbortSignal | undefined;
};
