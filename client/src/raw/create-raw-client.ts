import createClient from "openapi-fetch";
import type { KronicleOptions } from "../kronicle-options.ts";
import type { paths } from "../schema.generated.ts";
import { entriesOf, scalarText } from "../request/encode-values.ts";
import { Transport } from "../request/transport.ts";
import { writePath } from "../request/url.ts";
import { encodeQuery, type Parameter } from "../request/write-query.ts";
import type { RawClient } from "./raw-client.ts";

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
  const { baseUrl, send } = new Transport(options);
  return createClient<paths>({
    baseUrl,
    // The same token, retries and time limits as the lanes have.
    fetch: (request) => send(request),
    redirect: "manual",
    // Its own drops a Date without a word, and lets a name end early and become another parameter.
    querySerializer: (query) => encodeQuery(Object.entries(query).flatMap(([name, value]) => toParameters(name, value))),
    pathSerializer: writePath,
  });
}

function toParameters(name: string, value: unknown): Parameter[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((item): Parameter => [name, scalarText(item, name)]);
  if (typeof value !== "object" || value instanceof Date) return [[name, scalarText(value, name)]];
  return entriesOf(value, name).flatMap(([key, member]) => {
    // Leaving a filter out would widen the selection.
    if (member === undefined) throw new TypeError(`${name}[${key}]: undefined.`);
    return toParameters(`${name}[${key}]`, member);
  });
}
