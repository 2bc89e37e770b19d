/**
 * Who signs in, and where.
 *
 * @example
 * ```ts
 * import type { LoginOptions } from "@kronicle/client";
 *
 * const ada: LoginOptions = { baseUrl: "https://example.org/kronicle", login: "ada@example.org", password: "correct horse ..." };
 * ```
 */
export type LoginOptions = {
  /** Address of the service, with the path it is mounted under if there is one. */
  readonly baseUrl: string;
  /** E-mail or name of the user. */
  readonly login: string;
  /** Password of the user. It is sent to the service and to nobody else. */
  readonly password: string;
  /** Takes the place of the global `fetch`, for a proxy or a test. It is called with a `Request`. */
  readonly fetch?: typeof fetch | undefined;
};
