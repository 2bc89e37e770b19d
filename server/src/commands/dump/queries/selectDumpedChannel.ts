import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import { channelFields, channelTables, storedChannel } from "../../../channels/queries/channel-definition.ts";

const dumpedChannel = storedChannel.extend({
  /** The JSON that a dump has of it: all that makes it the same channel elsewhere, and nothing of where it is stored. */
  dumped: z.string(),
});

export type DumpedChannel = z.infer<typeof dumpedChannel>;

/** The live channel behind the one with this internal id; null when there is none. */
export function selectDumpedChannel(connection: CommonQueryMethods, after: number): Promise<DumpedChannel | null> {
  return connection.maybeOne(
    sql.type(dumpedChannel)`${dumpedChannels(sql.fragment`c.id > ${after}::integer and c.deleted_at is null`)}`,
  );
}

/** The channel with this internal id, which nobody else can see yet. */
export function selectHiddenChannel(connection: CommonQueryMethods, id: number): Promise<DumpedChannel> {
  return connection.one(sql.type(dumpedChannel)`${dumpedChannels(sql.fragment`c.id = ${id}::integer`)}`);
}

function dumpedChannels(condition: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`
    select
      ${channelFields},
      json_build_object(
        'channel_id', c.channel_id,
        'name', c.name,
        'columns', (
          select json_agg(
            json_build_object('name', k.item ->> 'name', 'type', k.item ->> 'type', 'optional', k.item -> 'optional') order by k.place
          )
          from jsonb_array_elements(c.columns) with ordinality k (item, place)
        ),
        'column_info', c.column_info,
        'metadata', c.metadata,
        'tags', c.tags,
        'density', c.density,
        'created_at', kronicle.rfc3339(c.created_at),
        'updated_at', kronicle.rfc3339(c.updated_at),
        'version', c.version
      )::text as dumped
    from ${channelTables}
    where ${condition}
    order by c.id
    limit 1
  `;
}
