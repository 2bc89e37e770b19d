import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { Author } from "../../audit/author.ts";
import type { StoredChannel } from "./channel-definition.ts";

/** False, and nothing is deleted, when the definition is no longer the one that was read. */
export function deleteChannel(
  connection: CommonQueryMethods,
  { id, version }: Pick<StoredChannel, "id" | "version">,
  { actor, requestId }: Author,
): Promise<boolean> {
  return connection.oneFirst(sql.type(z.object({ deleted: z.boolean() }))`
    select kronicle.delete_channel(${id}::integer, ${version}::integer, ${actor}::text, ${requestId}::text) as deleted
  `);
}
