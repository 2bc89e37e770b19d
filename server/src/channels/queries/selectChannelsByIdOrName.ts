import { type CommonQueryMethods, sql } from "slonik";
import type { ChannelScope } from "../../access/channel-scope.ts";
import { channelFields, channelTables, type StoredChannel, storedChannel } from "./channel-definition.ts";
import { scopeCondition } from "./scope-condition.ts";

/** The live channels within the scope that have this id or this name: none, one, or two that disagree. */
export function selectChannelsByIdOrName(
  connection: CommonQueryMethods,
  channelId: string | null,
  name: string | null,
  scope: ChannelScope,
): Promise<readonly StoredChannel[]> {
  return connection.any(sql.type(storedChannel)`
    select ${channelFields}
    from ${channelTables}
    where (c.channel_id = ${channelId}::uuid or c.name = ${name}::text) and c.deleted_at is null and ${scopeCondition(scope)}
  `);
}
