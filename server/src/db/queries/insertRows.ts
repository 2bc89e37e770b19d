import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { RowBatch } from "../../domain/row-batch.ts";
import { plainArray } from "../array-literal.ts";
import { channelStats, type StoredChannel } from "./channel-definition.ts";
import { slotValues } from "./slot-values.ts";

/** Rows of one channel. */
export type RowsToInsert = {
  readonly channel: Pick<StoredChannel, "id" | "schema_version" | "columns" | "table_name">;
  readonly batch: RowBatch;
};

const committedState = channelStats.extend({ channel: z.int(), version: z.int() });

/** A channel as the commit leaves it. */
export type CommittedState = z.infer<typeof committedState>;

/**
 * Stores rows of one or more channels that share a table, and counts them: in one statement, so all or nothing.
 *
 * @throws an error with SQLSTATE KR002, and stores nothing, when the columns of a channel were changed, or it was deleted, since it was
 * read; with KR003 when that is happening just now.
 */
export function insertRows(
  connection: CommonQueryMethods,
  tableName: string,
  appends: readonly RowsToInsert[],
): Promise<readonly CommittedState[]> {
  const slots = slotValues(appends);
  const names = slots.map(({ slot }) => sql.fragment`, ${sql.identifier([slot])}`);
  const arrays = slots.map(({ array }) => sql.fragment`, ${array}`);
  const channels = appends.flatMap(({ channel, batch }) => Array<number>(batch.count).fill(channel.id));
  const times = appends.flatMap(({ batch }) => batch.times);
  const none = sql.fragment``;

  return connection.any(sql.type(committedState)`
    with stored as (
      insert into ${sql.identifier(["series", tableName])} (_channel, time${sql.join(names, none)})
      select *
      from unnest(${plainArray(channels)}::integer[], ${plainArray(times)}::timestamptz[]${sql.join(arrays, none)})
    )
    select
      c.channel,
      c.version,
      c.row_count,
      kronicle.rfc3339(c.first_time) as first_time,
      kronicle.rfc3339(c.last_time) as last_time
    from kronicle.add_to_stats(
      ${plainArray(appends.map(({ channel }) => channel.id))}::integer[],
      ${plainArray(appends.map(({ channel }) => channel.schema_version))}::integer[],
      ${plainArray(appends.map(({ batch }) => batch.count))}::bigint[],
      ${plainArray(appends.map(({ batch }) => batch.firstTime))}::timestamptz[],
      ${plainArray(appends.map(({ batch }) => batch.lastTime))}::timestamptz[]
    ) c
  `);
}
