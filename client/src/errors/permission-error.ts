import { ApiError } from "./api-error.ts";

/**
 * The token is valid, and its role is too low for this lane: status 403.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel, PermissionError } from "@kronicle/client";
 *
 * const { setup } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * await setup.createChannel({ schema: defineChannel({ temperature: "float" }) }).catch((error: unknown) => {
 *   if (error instanceof PermissionError) console.error("This needs the admin's key.");
 *   else throw error;
 * });
 * ```
 */
export class PermissionError extends ApiError {
  override name = "PermissionError";
}
