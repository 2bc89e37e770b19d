/** In charge of comparing the schema that a caller gives with the one that is stored, in whatever order their columns stand. */
import type { Column } from "../columns/channel-schema.ts";
import { formatColumnType } from "../columns/column-type.ts";
import { didYouMean } from "../formats/did-you-mean.ts";
import type { Fault } from "../problems/fault.ts";
import { jsonPointer } from "../formats/json-pointer.ts";

type ComparedColumn = Omit<Column, "slot">;

/**
 * One fault for each column that differs.
 *
 * @param mayHaveGrown lets the stored schema be a later one: it may have optional columns more, and optional what was required. Whoever
 * writes by the earlier one writes rows that still fit.
 */
export function schemaDifferences(
  stored: readonly ComparedColumn[],
  given: readonly ComparedColumn[],
  mayHaveGrown: boolean,
): Fault[] {
  const byName = new Map(stored.map((column) => [column.name, column]));
  const names = new Set(given.map(({ name }) => name));
  const faultAt = (name: string, code: string, detail: string): Fault => ({
    pointer: jsonPointer(["channel_schema", name]),
    code,
    detail,
  });
  return [
    ...given.flatMap((column) => {
      const known = byName.get(column.name);
      if (!known)
        return faultAt(column.name, "unknown_column", `the channel has no such column${didYouMean(column.name, byName.keys())}`);
      const isSame = known.type === column.type && known.optional === column.optional;
      const hasGrown = mayHaveGrown && known.type === column.type && known.optional;
      return isSame || hasGrown ? [] : faultAt(column.name, "other_type", `the channel has it as ${formatColumnType(known)}`);
    }),
    ...stored
      .filter(({ name, optional }) => !names.has(name) && !(mayHaveGrown && optional))
      .map((column) => faultAt(column.name, "missing", `the channel has it as ${formatColumnType(column)}`)),
  ];
}
