import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { countSlots, schemaJson } from "../../columns/channel-schema.ts";
import { CHUNK_DAYS } from "../chunk-interval.ts";
import { channelFields, type StoredChannel, storedChannel } from "./channel-definition.ts";
import type { NewChannel } from "./insertChannel.ts";
import { selectChannelById } from "./selectChannelById.ts";

/** A statement does not see the series table that it has made itself. */
const stored = z.union([storedChannel, z.object({ id: z.int(), table_name: z.null() })]);

/** A live channel has this id or name already. */
const TAKEN = { kind: "taken" } as const;

/** Stores a channel in the series table that fits it. */
export async function storeChannel(
  connection: CommonQueryMethods,
  channel: NewChannel,
): Promise<{ readonly kind: "created"; readonly channel: StoredChannel } | typeof TAKEN> {
  const row = await connection.maybeOne(sql.type(stored)`
    select ${channelFields}
    from
      kronicle.create_channel(
        ${channel.channelId}::uuid,
        ${channel.name}::text,
        ${JSON.stringify(countSlots(channel.columns))}::jsonb,
        ${CHUNK_DAYS[channel.density]}::integer,
        ${JSON.stringify(channel.columns)}::jsonb,
        ${schemaJson(channel.columns)}::json,
        ${JSON.stringify(channel.columnInfo)}::jsonb,
        ${JSON.stringify(channel.metadata)}::jsonb,
        ${JSON.stringify(channel.tags)}::jsonb,
        ${channel.density}::text
      ) c
      left join kronicle.series_table t on t.id = c.series_table
      cross join (select 0 as row_count, null::text as first_time, null::text as last_time) s
  `);
  const created = row?.table_name === null ? await selectChannelById(connection, row.id) : row;
  return created ? { kind: "created", channel: created } : TAKEN;
}
