/** In charge of changing the schema of a channel that has rows: none of them may have to change. */
import { ambiguousNames, checkName, type Column, countSlots, MAX_COLUMNS } from "../columns/channel-schema.ts";
import { formatColumnType, SLOT_TYPES, type SlotType, TYPE_RULES } from "../columns/column-type.ts";
import type { Fault } from "../problems/fault.ts";
import { didYouMean } from "../formats/did-you-mean.ts";
import { jsonPointer } from "../formats/json-pointer.ts";

/** How many slots of each type a series table has. */
export type SlotCounts = Readonly<Partial<Record<SlotType, number>>>;

/** The slot types of which these columns need more than there are, with how many they need. */
export function missingSlots(columns: readonly Column[], slots: SlotCounts): { type: SlotType; count: number }[] {
  const needed = countSlots(columns);
  return SLOT_TYPES.flatMap((type) => {
    const count = needed[type] ?? 0;
    return count > (slots[type] ?? 0) && count <= MAX_COLUMNS ? { type, count } : [];
  });
}

/**
 * Adds the columns that are new, in free slots, and makes optional those that are now. Columns that are not named stay as they are.
 */
export function extendColumns(
  current: readonly Column[],
  wanted: readonly Omit<Column, "slot">[],
  slots: SlotCounts,
): { columns: Column[]; faults: Fault[] } {
  const columns = new Map(current.map((column) => [column.name, column]));
  const folded = new Map(current.map(({ name }) => [name.toUpperCase().toLowerCase(), name]));
  const faults: Fault[] = [];
  const refuse = (name: string, code: string, detail: string) =>
    faults.push({ pointer: jsonPointer(["channel_schema", name]), code, detail });

  for (const column of wanted) {
    const known = columns.get(column.name);
    const twin = folded.get(column.name.toUpperCase().toLowerCase());
    if (known) {
      if (known.type !== column.type || (known.optional && !column.optional)) {
        refuse(column.name, "type_change", `it is ${formatColumnType(known)}, and rows are stored by that`);
      } else columns.set(column.name, { ...known, optional: column.optional });
    } else if (twin !== undefined) refuse(column.name, "duplicate_name", `it differs from ${twin} only in case`);
    else if (!column.optional) refuse(column.name, "not_optional", "the rows that are stored have no value for it");
    else {
      const slot = freeSlot(TYPE_RULES[column.type].slot, columns.values(), slots);
      if (slot === null || columns.size >= MAX_COLUMNS)
        refuse(column.name, "too_many_columns", `a channel has at most ${MAX_COLUMNS} columns besides time`);
      else columns.set(column.name, { ...column, slot });
    }
  }
  const extended = [...columns.values()];
  const added = new Set(wanted.map(({ name }) => name));
  for (const { name, document, detail } of ambiguousNames(extended)) {
    refuse(added.has(name) ? name : document, "ambiguous_name", detail);
  }
  return { columns: extended, faults };
}

/** Gives columns new names, all at once. Where they lie stays as it is, and so do the rows. */
export function renameColumns(
  current: readonly Column[],
  renames: Readonly<Record<string, string>>,
): { columns: Column[]; nameOf: (name: string) => string; faults: Fault[] } {
  const wanted = new Map(Object.entries(renames));
  const nameOf = (name: string) => wanted.get(name) ?? name;
  const names = new Set(current.map(({ name }) => name));
  const pointer = (name: string) => jsonPointer(["rename_columns", name]);
  const faults: Fault[] = [...wanted.keys()]
    .filter((name) => !names.has(name))
    .map((name) => ({
      pointer: pointer(name),
      code: "unknown_column",
      detail: `the channel has no such column${didYouMean(name, names)}`,
    }));
  const columns = current.map((column) => ({ ...column, name: nameOf(column.name) }));
  const seen = new Map<string, string>();
  for (const { name } of current) {
    const fault = checkName(nameOf(name), seen);
    // A name from before a rule is no fault of this request.
    if (fault && wanted.has(name)) faults.push({ pointer: pointer(name), ...fault });
    else if (fault?.code === "duplicate_name") faults.push({ pointer: "/rename_columns", ...fault });
  }
  for (const { name, document, detail } of ambiguousNames(columns)) {
    const old = [...wanted].find(([, given]) => given === name || given === document)?.[0];
    faults.push({ pointer: old === undefined ? "/rename_columns" : pointer(old), code: "ambiguous_name", detail });
  }
  return { columns, nameOf, faults };
}

function freeSlot(type: SlotType, columns: Iterable<Column>, slots: SlotCounts): string | null {
  const used = new Set([...columns].map(({ slot }) => slot));
  for (let number = 1; number <= (slots[type] ?? 0); number++) {
    if (!used.has(`${type}_${number}`)) return `${type}_${number}`;
  }
  return null;
}
