import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { ROLES } from "../role.ts";

const storedKey = z.object({
  role: z.enum(ROLES),
  secret_hash: z.instanceof(Uint8Array),
  channels: z.array(z.string()).nullable(),
  tags: z.array(z.string()).nullable(),
  is_revoked: z.boolean(),
  expires_at_ms: z.coerce.number().nullable(),
  last_used_at_ms: z.coerce.number().nullable(),
});

export type StoredKey = z.infer<typeof storedKey>;

/** Null when there is no such key. */
export function selectKey(connection: CommonQueryMethods, keyId: string): Promise<StoredKey | null> {
  return connection.maybeOne(sql.type(storedKey)`
    select
      k.lane as role,
      k.secret_hash,
      k.channels,
      k.tags,
      k.revoked_at is not null as is_revoked,
      extract(epoch from k.expires_at) * 1000 as expires_at_ms,
      extract(epoch from k.last_used_at) * 1000 as last_used_at_ms
    from kronicle.api_key k
    where k.key_id = ${keyId}
  `);
}
