import { type CommonQueryMethods, sql } from "slonik";
import { keyFields, type KeyInfo, keyInfo } from "./key-info.ts";

export type KeyPosition = { readonly created_at: string; readonly key_id: string };

/** Keys in order of creation, after this one. */
export function selectKeyPage(
  connection: CommonQueryMethods,
  after: KeyPosition | null,
  limit: number,
): Promise<readonly KeyInfo[]> {
  return connection.any(sql.type(keyInfo)`
    select ${keyFields}
    from kronicle.api_key k
    where ${after ? sql.fragment`(k.created_at, k.key_id) > (${after.created_at}::timestamptz, ${after.key_id}::text)` : sql.fragment`true`}
    order by k.created_at, k.key_id
    limit ${limit}::integer
  `);
}
