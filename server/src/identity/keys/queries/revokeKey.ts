import { type CommonQueryMethods, sql } from "slonik";
import { keyFields, type KeyInfo, keyInfo } from "./key-info.ts";

/** For good. Null when there is no such key; a key that was revoked before keeps its time. */
export function revokeKey(connection: CommonQueryMethods, keyId: string): Promise<KeyInfo | null> {
  return connection.maybeOne(sql.type(keyInfo)`
    update kronicle.api_key k
    set revoked_at = coalesce(k.revoked_at, now())
    where k.key_id = ${keyId}
    returning ${keyFields}
  `);
}
