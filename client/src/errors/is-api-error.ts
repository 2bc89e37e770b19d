import { ApiError } from "./api-error.ts";
import type { ProblemCode } from "./problem-code.ts";

/**
 * Whether the service answered with a problem, and, if a code is given, with that one.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel, isApiError } from "@kronicle/client";
 *
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 * try {
 *   await kronicle.setup.createChannel({ name: "thermo-1", schema: defineChannel({ temperature: "float" }) });
 * } catch (error) {
 *   if (!isApiError(error, "channel_exists")) throw error;
 * }
 * ```
 */
export function isApiError(error: unknown, code?: ProblemCode): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}
