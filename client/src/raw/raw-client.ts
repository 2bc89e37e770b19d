import type { Client } from "openapi-fetch";
import type { paths } from "../schema.generated.ts";

/**
 * Every operation of the contract as it is, typed by it: an openapi-fetch client. `createRawClient` makes it. Its types follow the contract, and may change with
 * any release.
 *
 * Queries and paths are checked as everywhere in the SDK: a value of a wrong type is a TypeError, and is never left out.
 *
 * @example
 * ```ts
 * import { createRawClient, type RawClient } from "@kronicle/client/raw";
 *
 * const raw: RawClient = createRawClient({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * const { data, error, response } = await raw.GET("/api/v1/channels/{channel_id}/rows", {
 *   params: { path: { channel_id: "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10" }, query: { min: { temperature: "20" }, limit: 10 } },
 * });
 * if (error) console.error(response.status, error.code);
 * else console.log(data.rows.length, data.has_more);
 * ```
 */
export type RawClient = Client<paths>;
