/** In charge of the values of rows on their way into the slots of a series table: one array for each slot. */
import { type FragmentSqlToken, sql } from "slonik";
import { TYPE_RULES } from "../../../columns/column-type.ts";
import { ARRAY_OF_SLOT } from "../../../columns/queries/type-sql.ts";
import type { RowBatch } from "../row-batch.ts";
import type { StoredValue } from "../../../columns/value-check.ts";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";

type Values = {
  readonly channel: Pick<StoredChannel, "columns">;
  readonly batch: Pick<RowBatch, "count" | "values">;
};

/** Every slot that any of the appends has a column in, with its values over all rows. */
export function slotValues(appends: readonly Values[]): { readonly slot: string; readonly array: FragmentSqlToken }[] {
  const types = new Map(
    appends.flatMap(({ channel }) => channel.columns.map(({ slot, type }) => [slot, TYPE_RULES[type].slot] as const)),
  );
  return [...types].map(([slot, type]) => {
    const values = appends.flatMap((append) => valuesOf(append, slot));
    return { slot, array: sql.fragment`${ARRAY_OF_SLOT[type](values)}::${sql.identifier([type])}[]` };
  });
}

function valuesOf({ channel, batch }: Values, slot: string): readonly (StoredValue | null)[] {
  const position = channel.columns.findIndex((column) => column.slot === slot);
  return batch.values[position] ?? Array<null>(batch.count).fill(null);
}
