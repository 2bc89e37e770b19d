/** In charge of what a reader asks for: checked against the channel, and the same for every way to present it. */
import type { AskedCondition } from "@kronicle/client/filter-grammar";
import type { Column } from "../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import { FaultList } from "../../problems/fault.ts";
import type { Instant } from "../../formats/instant.ts";
import { isRelativeTime, readTimeBound, TIME_BOUND } from "../../formats/time-bound.ts";
import { type FilterColumn, planFilters, type RowFilter, TIME_COLUMN, unknownColumn } from "./row-filter.ts";

export type SortKey = { readonly column: FilterColumn; readonly isDescending: boolean };

export type RowSelection = {
  /** Inclusive; null is no bound. */
  readonly from: Instant | null;
  /** Exclusive; null is no bound. */
  readonly to: Instant | null;
  readonly filters: readonly RowFilter[];
};

/** What `now` stands for in a query, in milliseconds since 1970. */
export type Clock = { readonly now: number };

export type RowQuery = RowSelection & {
  /** Columns to return besides `time`. */
  readonly columns: readonly Column[];
  readonly hasReceivedAt: boolean;
  readonly sort: readonly SortKey[];
};

export type SelectionParameters = { readonly from?: string | undefined; readonly to?: string | undefined };

export type QueryParameters = SelectionParameters & {
  readonly columns?: string | undefined;
  readonly sort?: string | undefined;
  readonly skip_received?: boolean | undefined;
};

/** Names of the fields of a row, in their order. */
export function fieldNames({ columns, hasReceivedAt }: RowQuery): string[] {
  return ["time", ...columns.map(({ name }) => name), ...(hasReceivedAt ? ["received_at"] : [])];
}

const RECEIVED_COLUMN: FilterColumn = { name: "received_at", type: "datetime", slot: "received_at" };

/** Each key nests the condition for "after this row" one deeper, and hundreds of them overflow the stack of the embedded database. */
const MAX_SORT_KEYS = 32;

const NEWEST_FIRST: readonly SortKey[] = [{ column: TIME_COLUMN, isDescending: true }];

export function planSelection(
  available: readonly Column[],
  { from, to }: SelectionParameters,
  conditions: readonly AskedCondition[],
  clock: Clock,
  faults: FaultList,
): RowSelection {
  return {
    from: readTime("from", from, clock, faults),
    to: readTime("to", to, clock, faults),
    filters: planFilters(available, conditions, faults),
  };
}

export function planRowQuery(
  available: readonly Column[],
  parameters: QueryParameters,
  conditions: readonly AskedCondition[],
  clock: Clock,
): { query: RowQuery; faults: FaultList } {
  const faults = new FaultList();
  const query: RowQuery = {
    ...planSelection(available, parameters, conditions, clock, faults),
    columns: parameters.columns === undefined ? available : pickColumns(available, parameters.columns, faults),
    hasReceivedAt: parameters.skip_received === false,
    sort: parameters.sort === undefined ? NEWEST_FIRST : readSort(available, parameters.sort, faults),
  };
  return { query, faults };
}

function pickColumns(available: readonly Column[], list: string, faults: FaultList): Column[] {
  const byName = new Map(available.map((column) => [column.name, column]));
  const names = new Set(list.split(","));
  names.delete("time");
  return [...names].flatMap((name) => {
    const column = byName.get(name);
    if (!column) faults.add((mayGuess) => unknownColumn("columns", name, mayGuess ? byName.keys() : []));
    return column ?? [];
  });
}

function readSort(available: readonly Column[], list: string, faults: FaultList): SortKey[] {
  const byName = new Map<string, FilterColumn>(
    [TIME_COLUMN, RECEIVED_COLUMN, ...available].map((column) => [column.name, column]),
  );
  const keys = new Map<string, SortKey>();
  for (const item of list.split(",")) {
    const isDescending = item.startsWith("-");
    const name = isDescending ? item.slice(1) : item;
    const column = byName.get(name);
    if (!column) faults.add((mayGuess) => unknownColumn("sort", name, mayGuess ? byName.keys() : []));
    else if (keys.has(name))
      faults.add(() => ({ parameter: "sort", code: "duplicate_column", detail: `"${name}" stands twice` }));
    else if (!TYPE_RULES[column.type].isSortable) {
      faults.add(() => ({
        parameter: "sort",
        code: "wrong_type",
        detail: `rows cannot be sorted by "${name}", which is ${column.type}`,
      }));
    } else keys.set(name, { column, isDescending });
  }
  if (keys.size > MAX_SORT_KEYS)
    faults.add(() => ({ parameter: "sort", code: "too_many", detail: `rows are sorted by at most ${MAX_SORT_KEYS} columns` }));
  return [...keys.values()];
}

export function readTime(parameter: string, text: string | undefined, { now }: Clock, faults: FaultList): Instant | null {
  if (text === undefined) return null;
  const instant = readTimeBound(text, now);
  if (instant) return instant;
  const hint = text.includes(" ") ? "; write the + of an offset as %2B" : "";
  faults.add(() => ({ parameter, code: "not_a_time", detail: `expected ${TIME_BOUND}${hint}` }));
  return null;
}

/** Whether the bounds of a query move with the clock. */
export function isRelative({ from, to }: SelectionParameters): boolean {
  return [from, to].some((text) => text !== undefined && isRelativeTime(text));
}
