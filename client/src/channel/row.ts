import type { ChannelDefinition, ColumnName } from "./channel-definition.ts";
import type { ColumnType, KindOf } from "./column-type.ts";

/** What a time is when it is read. */
export type TimeOf<Definition extends ChannelDefinition> = Definition["times"] extends "date" ? Date : string;

/** What a value of each kind is when it is read. */
type ValueOfKind<Time> = {
  str: string;
  int: number;
  int64: bigint;
  float: number;
  bool: boolean;
  uuid: string;
  datetime: Time;
  dict: Record<string, unknown>;
  list: unknown[];
};

type Value<Type extends ColumnType, Time> = ValueOfKind<Time>[KindOf<Type>] | (Type extends `optional[${string}]` ? null : never);

/**
 * A stored row of a channel.
 *
 * `time` and `datetime` columns are the exact RFC 3339 text in UTC, because a `Date` would cut microseconds off, unless the
 * definition asks for dates. Optional columns without a value are null.
 *
 * @example
 * ```ts
 * import { defineChannel, type Row } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float", note: "optional[str]" });
 * const row: Row<typeof thermometer> = { time: "2024-03-01T00:00:00.000001Z", temperature: 20.5, note: null };
 * console.log(new Date(row.time), row.temperature);
 * ```
 */
export type Row<Definition extends ChannelDefinition> = {
  [Name in ColumnName<Definition>]: Name extends "time"
    ? TimeOf<Definition>
    : Value<Definition["columns"][Name], TimeOf<Definition>>;
};
