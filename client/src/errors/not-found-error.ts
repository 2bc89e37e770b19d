import { ApiError } from "./api-error.ts";

/**
 * There is no such channel, or it is not one of those that the token may see: status 404.
 *
 * @example
 * ```ts
 * import { createKronicle, NotFoundError } from "@kronicle/client";
 *
 * const { reader } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const channel = await reader.getChannel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10").catch((error: unknown) => {
 *   if (error instanceof NotFoundError) return null;
 *   throw error;
 * });
 * console.log(channel?.name);
 * ```
 */
export class NotFoundError extends ApiError {
  override name = "NotFoundError";
}
