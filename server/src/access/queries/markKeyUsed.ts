import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

/** Several servers note the use of one key; the first of a minute is enough. */
export async function markKeyUsed(connection: CommonQueryMethods, keyId: string): Promise<void> {
  await connection.query(sql.type(z.object({}))`
    update kronicle.api_key k
    set last_used_at = now()
    where k.key_id = ${keyId} and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute')
  `);
}
