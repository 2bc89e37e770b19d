import { ApiError } from "./api-error.ts";

/**
 * There is no token, or it is not valid (any more): status 401. A `token` that is a function was asked for a new one before.
 *
 * @example
 * ```ts
 * import { AuthenticationError, createKronicle } from "@kronicle/client";
 *
 * const { reader } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * await reader.listChannels().page().catch((error: unknown) => {
 *   if (error instanceof AuthenticationError) console.error("The key was revoked:", error.code);
 *   else throw error;
 * });
 * ```
 */
export class AuthenticationError extends ApiError {
  override name = "AuthenticationError";
}
