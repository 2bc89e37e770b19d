import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { RowBatch } from "../row-batch.ts";
import { plainArray } from "../../../db/array-literal.ts";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { slotValues } from "./slot-values.ts";

/** Rows that were stored before: with the numbers that give their order of arrival, and when they arrived. */
export type DumpedRows = Omit<RowBatch, "days"> & {
  readonly rowNumbers: readonly number[];
  readonly receivedAt: readonly string[];
};

/** Stores rows of one channel and counts them, all or none. No database role may do this: only the owner sets `_row` and `received_at`. */
export async function restoreRows(
  connection: CommonQueryMethods,
  channel: Pick<StoredChannel, "id" | "columns" | "table_name">,
  batch: DumpedRows,
): Promise<void> {
  const slots = slotValues([{ channel, batch }]);
  const none = sql.fragment``;
  const names = sql.join(
    slots.map(({ slot }) => sql.fragment`, ${sql.identifier([slot])}`),
    none,
  );
  const arrays = sql.join(
    slots.map(({ array }) => sql.fragment`, ${array}`),
    none,
  );
  await connection.query(sql.type(z.object({}))`
    with stored as (
      insert into ${sql.identifier(["series", channel.table_name])} (_channel, _row, time, received_at${names})
      overriding system value
      select ${channel.id}::integer, u.*
      from unnest(
        ${plainArray(batch.rowNumbers)}::bigint[], ${plainArray(batch.times)}::timestamptz[],
        ${plainArray(batch.receivedAt)}::timestamptz[]${arrays}
      ) u
    )
    insert into kronicle.channel_stats as s (channel, slot, row_count, first_time, last_time)
    values (
      ${channel.id}::integer, 0, ${batch.count}::bigint, ${batch.firstTime}::timestamptz, ${batch.lastTime}::timestamptz
    )
    on conflict (channel, slot) do update
    set
      row_count = s.row_count + excluded.row_count,
      first_time = least(s.first_time, excluded.first_time),
      last_time = greatest(s.last_time, excluded.last_time)
  `);
}
