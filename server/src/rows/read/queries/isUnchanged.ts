import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { ChannelScope } from "../../../access/channel-scope.ts";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { scopeCondition } from "../../../channels/queries/scope-condition.ts";

/**
 * Whether a channel still has the rows and the columns that it had when it was read, and is still to be seen. Appends change nothing of it.
 * A channel that is emptied gets another internal id, and each deletion of rows another version of the schema.
 */
export function isUnchanged(
  connection: CommonQueryMethods,
  { id, schema_version }: Pick<StoredChannel, "id" | "schema_version">,
  scope: ChannelScope,
): Promise<boolean> {
  return connection.oneFirst(sql.type(z.object({ found: z.boolean() }))`
    select exists (
      select
      from kronicle.channel c
      where
        c.id = ${id}::integer and c.schema_version = ${schema_version}::integer and c.deleted_at is null and ${scopeCondition(scope)}
    ) as found
  `);
}
