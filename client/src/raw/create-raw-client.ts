import type { KronicleOptions } from "../kronicle-options.ts";
import { createApiClient } from "../request/api-client.ts";
import { createSender } from "../request/sender.ts";
import { parseBaseUrl } from "../request/url.ts";
import type { RawClient } from "./raw-client.ts";
import { writeRawPath, writeRawQuery } from "./write-parameters.ts";

/**
 * Makes a client that reaches every operation of the contract as it is, for what the lanes have no word for: openapi-fetch without
 * its traps, with the token, the retries and the time limits that a client of the lanes has. Problems come back as `error` and are
 * not thrown; a NetworkError and a TimeoutError are.
 *
 * @throws TypeError as `createKronicle` does.
 *
 * @example
 * ```ts
 * import { createRawClient } from "@kronicle/client/raw";
 *
 * const raw = createRawClient({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 * const { data, error } = await raw.GET("/setup/v1/schemas/column_types");
 * console.log(data ?? error.detail);
 * ```
 */
export function createRawClient(options: KronicleOptions): RawClient {
  const writers = { querySerializer: writeRawQuery, pathSerializer: writeRawPath };
  return createApiClient(parseBaseUrl(options.baseUrl), createSender(options), writers);
}
