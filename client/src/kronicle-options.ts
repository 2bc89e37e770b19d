/**
 * Where the service is, who asks, and how long to try.
 *
 * A request is tried again when no usable answer came and when the service is busy (408, 409 while the same request still runs, 429,
 * 5xx but 501): reads always, appends and upserts by their idempotency key, and nothing else, since it could meet its own effect.
 * The pause is random, up to 250 ms first and twice that each time, up to 8 s; if the service asks for longer (`Retry-After`), it gets
 * it.
 *
 * @example
 * ```ts
 * import { createKronicle, type KronicleOptions } from "@kronicle/client";
 *
 * const options: KronicleOptions = {
 *   baseUrl: "https://example.org/kronicle",
 *   token: "krn_reader_...",
 *   timeoutMs: 10_000,
 * };
 * const kronicle = createKronicle(options);
 * ```
 */
export type KronicleOptions = {
  /** Address of the service, with the path it is mounted under if there is one. */
  readonly baseUrl: string;
  /**
   * API key of the lane that is used; a higher role may use a lower lane. Or a function that gets a token which expires, such as `login` makes: it is asked
   * before the first request, and once more when the token is refused, for all requests of that time together.
   */
  readonly token: string | (() => string | Promise<string>);
  /**
   * Takes the place of the global `fetch`, for a proxy or a test. It is called with a `Request`. What it throws that is no fault of the
   * network, such as an AbortError or a signal of a framework, reaches the caller as it is, and is not tried again.
   */
  readonly fetch?: typeof fetch | undefined;
  /** How often to try again. Default: 4. */
  readonly retries?: number | undefined;
  /**
   * Most milliseconds for one attempt, from its start to the last byte of the answer; of an export, to its first byte and then for
   * each piece. Default: 30,000.
   */
  readonly attemptTimeoutMs?: number | undefined;
  /** Most milliseconds for all attempts of a request together, with the pauses. Default: 120,000. */
  readonly timeoutMs?: number | undefined;
};
