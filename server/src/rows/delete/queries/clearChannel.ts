import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { Author } from "../../../audit/author.ts";

/** Takes all rows from a channel. False when the channel is gone. */
export async function clearChannel(connection: CommonQueryMethods, id: number, { actor, requestId }: Author): Promise<boolean> {
  const cleared = await connection.oneFirst(sql.type(z.object({ id: z.int().nullable() }))`
    select kronicle.clear_channel(${id}::integer, ${actor}::text, ${requestId}::text) as id
  `);
  return cleared !== null;
}
