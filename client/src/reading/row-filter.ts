import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { KindOf } from "../channel/column-type.ts";

/** The column has a value (`false`), or none. */
type ByPresence = { readonly isNull?: boolean };

/** The column has one of these values, of which there has to be at least one. */
type ByList<Value> = { readonly in?: readonly Value[] };

/** Both bounds are inclusive. */
type ByRange<Value> = { readonly min?: Value; readonly max?: Value };

/** What can be looked for inside a document. The number 3 and the text "3" are not told apart. */
type Scalar = string | number | boolean;

type FilterOfKind = {
  str: string | (ByList<string> & ByPresence);
  int: number | (ByRange<number> & ByList<number> & ByPresence);
  int64: bigint | (ByRange<bigint> & ByList<bigint> & ByPresence);
  float: number | (ByRange<number> & ByList<number> & ByPresence);
  bool: boolean | (ByList<boolean> & ByPresence);
  uuid: string | (ByList<string> & ByPresence);
  datetime: Date | string | (ByRange<Date | string> & ByList<Date | string> & ByPresence);
  /** The steps of a path are separated by dots. */
  dict: { readonly path?: Readonly<Record<string, Scalar | ByList<Scalar>>> } & ByPresence;
  list: { readonly has?: Scalar } & ByPresence;
};

/** `time` always has a value. */
type TimeFilter = Date | string | (ByRange<Date | string> & ByList<Date | string>);

/**
 * Which rows to select by their values: those that meet the conditions on all columns that are named.
 *
 * A plain value is the one that the column has to have. A condition that says nothing (undefined, `{}`, `in: []`) is a
 * TypeError: dropping it would select more rows than were asked for.
 *
 * @example
 * ```ts
 * import { defineChannel, type RowFilter } from "@kronicle/client";
 *
 * const station = defineChannel({
 *   temperature: "float",
 *   status: "str",
 *   note: "optional[str]",
 *   labels: "list",
 *   author: "dict",
 * });
 * const filter: RowFilter<typeof station> = {
 *   temperature: { min: 20, max: 30 },
 *   status: { in: ["ok", "late"] },
 *   note: { isNull: false },
 *   labels: { has: "calibrated" },
 *   author: { path: { "name.first": "Ann" } },
 * };
 * console.log(filter);
 * ```
 */
export type RowFilter<Definition extends ChannelDefinition> = {
  readonly [Name in ColumnName<Definition>]?: Name extends "time"
    ? TimeFilter
    : FilterOfKind[KindOf<Definition["columns"][Name]>];
};
