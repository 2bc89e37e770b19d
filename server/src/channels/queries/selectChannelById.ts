import { type CommonQueryMethods, sql } from "slonik";
import { channelFields, channelTables, type StoredChannel, storedChannel } from "./channel-definition.ts";

/** By the internal id. Null when the channel is gone. */
export function selectChannelById(connection: CommonQueryMethods, id: number): Promise<StoredChannel | null> {
  return connection.maybeOne(sql.type(storedChannel)`
    select ${channelFields}
    from ${channelTables}
    where c.id = ${id}::integer and c.deleted_at is null
  `);
}
