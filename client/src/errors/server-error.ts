import { ApiError } from "./api-error.ts";

/**
 * The service could not do its work (statuses 500 and above). What it has not said to have done may be done nevertheless when `code` is
 * `outcome_unknown` or `server_fault`.
 *
 * @example
 * ```ts
 * import { createKronicle, ServerError } from "@kronicle/client";
 *
 * const { service } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_...", retries: 0 });
 * await service.ready().catch((error: unknown) => {
 *   if (!(error instanceof ServerError)) throw error;
 *   console.error(error.code, error.errors.map(({ detail }) => detail));
 * });
 * ```
 */
export class ServerError extends ApiError {
  override name = "ServerError";
}
