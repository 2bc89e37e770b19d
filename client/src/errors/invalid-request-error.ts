import { ApiError } from "./api-error.ts";

/**
 * What was sent cannot be taken: a value, a row, a query, a body (statuses 400, 405, 406, 413 and 415). `errors` names the places.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel, InvalidRequestError } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const { writer } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 * try {
 *   await writer.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer).append([{ time: "9999-01-01T00:00:00Z", temperature: 1 }]);
 * } catch (error) {
 *   if (!(error instanceof InvalidRequestError)) throw error;
 *   for (const fault of error.errors) console.error(fault.pointer, fault.detail); // /rows/0/time …
 * }
 * ```
 */
export class InvalidRequestError extends ApiError {
  override name = "InvalidRequestError";
}
