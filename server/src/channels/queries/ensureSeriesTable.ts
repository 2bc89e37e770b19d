import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { SlotType } from "../../columns/column-type.ts";

/** Finds or makes the table whose slots hold so many columns of each type, and returns its id. */
export function ensureSeriesTable(
  connection: CommonQueryMethods,
  slotCounts: Partial<Record<SlotType, number>>,
  chunkDays: number,
): Promise<number> {
  return connection.oneFirst(sql.type(z.object({ id: z.int() }))`
    select kronicle.ensure_series_table(${JSON.stringify(slotCounts)}::jsonb, ${chunkDays}::integer) as id
  `);
}
