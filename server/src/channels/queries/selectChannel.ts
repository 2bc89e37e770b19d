import { type CommonQueryMethods, sql } from "slonik";
import type { ChannelScope } from "../../access/channel-scope.ts";
import { channelFields, channelTables, type StoredChannel, storedChannel } from "./channel-definition.ts";
import { scopeCondition } from "./scope-condition.ts";

/** Null when no live channel within the scope has this id. */
export function selectChannel(
  connection: CommonQueryMethods,
  channelId: string,
  scope: ChannelScope,
): Promise<StoredChannel | null> {
  return connection.maybeOne(sql.type(storedChannel)`
    select ${channelFields}
    from ${channelTables}
    where c.channel_id = ${channelId}::uuid and c.deleted_at is null and ${scopeCondition(scope)}
  `);
}
