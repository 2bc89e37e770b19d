import { ApiError } from "./api-error.ts";

/**
 * What was asked does not go with what is there: a channel that exists, another schema, a definition that somebody else has changed, an
 * idempotency key that was used for other rows (statuses 409, 412 and 422).
 *
 * @example
 * ```ts
 * import { ConflictError, createKronicle, defineChannel } from "@kronicle/client";
 *
 * const { setup } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 * await setup.createChannel({ name: "thermo-1", schema: defineChannel({ temperature: "float" }) }).catch((error: unknown) => {
 *   if (error instanceof ConflictError && error.code === "channel_exists") return;
 *   throw error;
 * });
 * ```
 */
export class ConflictError extends ApiError {
  override name = "ConflictError";
}
