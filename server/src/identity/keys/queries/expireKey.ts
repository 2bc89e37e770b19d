import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { keyFields, keyInfo } from "./key-info.ts";

const expiringKey = keyInfo.extend({ expires_at_before: z.string().nullable() });

/** Lets a key end in so many seconds, unless it ends before. Null when there is no such key, or it is no longer valid. */
export function expireKey(connection: CommonQueryMethods, keyId: string, seconds: number) {
  return connection.maybeOne(sql.type(expiringKey)`
    update kronicle.api_key k
    set expires_at = least(before.expires_at, now() + make_interval(secs => ${seconds}::integer))
    from kronicle.api_key before
    where k.key_id = ${keyId}
      and before.key_id = k.key_id
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > now())
    returning ${keyFields}, kronicle.rfc3339(before.expires_at) as expires_at_before
  `);
}
