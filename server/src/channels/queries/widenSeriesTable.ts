import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { SLOT_TYPES, type SlotType } from "../../columns/column-type.ts";
import type { SlotCounts } from "../schema-change.ts";

/** Gives a series table so many slots of a type at least, and returns all that it has. */
export function widenSeriesTable(
  transaction: CommonQueryMethods,
  seriesTable: number,
  type: SlotType,
  needed: number,
): Promise<SlotCounts> {
  return transaction.oneFirst(sql.type(z.object({ slots: z.partialRecord(z.enum(SLOT_TYPES), z.int()) }))`
    select kronicle.widen_series_table(${seriesTable}::integer, ${type}, ${needed}::integer) as slots
  `);
}
