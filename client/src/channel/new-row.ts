import type { ChannelDefinition, ColumnTypes } from "./channel-definition.ts";
import type { ColumnType, KindOf } from "./column-type.ts";

/** What a value of each kind may be when it is written. */
type NewValueOfKind = {
  str: string;
  int: number;
  int64: bigint;
  float: number;
  bool: boolean;
  uuid: string;
  datetime: Date | string;
  dict: Readonly<Record<string, unknown>>;
  list: readonly unknown[];
};

type NewValue<Type extends ColumnType> = NewValueOfKind[KindOf<Type>];

type OptionalType = `optional[${string}]`;

type NewRowOf<Columns extends ColumnTypes> = {
  time?: Date | string | undefined;
} & {
  [Name in keyof Columns as Name extends "time" ? never : Columns[Name] extends OptionalType ? never : Name]: NewValue<
    Columns[Name]
  >;
} & {
  [Name in keyof Columns as Name extends "time" ? never : Columns[Name] extends OptionalType ? Name : never]?:
    NewValue<Columns[Name]> | null | undefined;
};

/** One flat object type, so that editors and messages show columns and not how they were put together. */
type Flat<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/**
 * A row to append to a channel.
 *
 * `time` and `datetime` columns take a valid `Date`, which has milliseconds, or RFC 3339 text with an offset, which keeps
 * microseconds. A row without `time` gets the time of its arrival at the server; one that a `BatchWriter` takes, that of `write`.
 *
 * @example
 * ```ts
 * import { defineChannel, type NewRow } from "@kronicle/client";
 *
 * const counter = defineChannel({ count: "int64", note: "optional[str]" });
 * const rows: NewRow<typeof counter>[] = [
 *   { count: 9_007_199_254_740_993n },
 *   { time: "2024-03-01T01:00:00.000001+01:00", count: 1n, note: "replaced" },
 * ];
 * console.log(rows);
 * ```
 */
export type NewRow<Definition extends ChannelDefinition> = Flat<NewRowOf<Definition["columns"]>>;
