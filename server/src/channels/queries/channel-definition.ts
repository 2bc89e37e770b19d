/** In charge of what a channel looks like in SQL: the parts that operations work with, and the JSON that is passed on. */
import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import { COLUMN_TYPES, SLOT_TYPES } from "../../columns/column-type.ts";

const column = z.object({ name: z.string(), type: z.enum(COLUMN_TYPES), optional: z.boolean(), slot: z.string() });

export const channelStats = z.object({
  row_count: z.coerce.number().int(),
  first_time: z.string().nullable(),
  last_time: z.string().nullable(),
});

export type ChannelStats = z.infer<typeof channelStats>;

export const storedChannel = channelStats.extend({
  id: z.int(),
  channel_id: z.string(),
  name: z.string().nullable(),
  version: z.int(),
  schema_version: z.int(),
  columns: z.array(column).readonly(),
  series_table: z.int(),
  table_name: z.string(),
  slots: z.partialRecord(z.enum(SLOT_TYPES), z.int()),
  chunk_days: z.int(),
  /** The JSON of the channel, without its counters; in lists perhaps less. */
  definition: z.string(),
});

export type StoredChannel = z.infer<typeof storedChannel>;

/** `from kronicle.channel c` with its series table `t` and its summed counters `s`. */
export const channelTables = sql.fragment`
  kronicle.channel c
  join kronicle.series_table t on t.id = c.series_table
  cross join lateral (
    select
      coalesce(sum(cs.row_count), 0)::bigint as row_count,
      kronicle.rfc3339(min(cs.first_time)) as first_time,
      kronicle.rfc3339(max(cs.last_time)) as last_time
    from kronicle.channel_stats cs
    where cs.channel = c.id
  ) s
`;

/** What the API shows of a channel. */
const wholeDefinition = sql.fragment`
  json_build_object(
    'channel_id', c.channel_id,
    'name', c.name,
    'channel_name', c.name,
    'channel_schema', c.channel_schema,
    'column_info', c.column_info,
    'metadata', c.metadata,
    'tags', c.tags,
    'density', c.density,
    'created_at', kronicle.rfc3339(c.created_at),
    'updated_at', kronicle.rfc3339(c.updated_at)
  )
`;

/** The same, as far as it tells one channel from another. */
const labels = sql.fragment`json_build_object('channel_id', c.channel_id, 'name', c.name, 'tags', c.tags)`;

/** @param definition the JSON of a channel `c`. */
const fieldsWith = (definition: FragmentSqlToken) => sql.fragment`
  c.id,
  c.channel_id,
  c.name,
  c.version,
  c.schema_version,
  c.columns,
  c.series_table,
  t.table_name,
  t.slots,
  t.chunk_days,
  ${definition}::text as definition,
  s.row_count,
  s.first_time,
  s.last_time
`;

export const channelFields = fieldsWith(wholeDefinition);

/** For lists that show of each channel no more than its id, its name and its tags. */
export const labelFields = fieldsWith(labels);
