import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { ColumnType, KindOf } from "../channel/column-type.ts";
import type { Row } from "../channel/row.ts";

/** A percentile with at most one decimal, `p0.1` to `p99.9`. */
type Percentile = `p${number}`;

/** What an int64 is no bigint of: means and their like. */
type FloatFunction = "avg" | "stddev" | "time_weighted_avg" | "median" | "share" | Percentile;

type NumberFunction =
  | "count"
  | "sum"
  | "avg"
  | "min"
  | "max"
  | "first"
  | "last"
  | "stddev"
  | "range"
  | "delta"
  | "increase"
  | "time_weighted_avg"
  | "median"
  | Percentile;
type TextFunction = "count" | "distinct" | "first" | "last" | "mode";
type DocumentFunction = "count" | "first" | "last";

type FunctionOfKind = {
  str: TextFunction;
  int: NumberFunction;
  int64: NumberFunction;
  float: NumberFunction;
  bool: "count" | "first" | "last" | "share";
  uuid: TextFunction;
  datetime: "count" | "min" | "max" | "first" | "last";
  dict: DocumentFunction;
  list: DocumentFunction;
};

/**
 * What to answer of which column, by the names of the contract. All leave rows without a value out.
 *
 * - Numbers: `count` (values), `sum`, `avg`, `min`, `max`, `first` and `last` (by time), `stddev` (of a sample), `range` (highest less lowest),
 *   `delta` (last less first), `increase` (rise of a counter that starts again at 0), `time_weighted_avg` (each value holds until the next
 *   one), `median`, and percentiles `p0.1` to `p99.9` with at most one decimal.
 * - Times: `count`, `min`, `max`, `first`, `last`. Booleans: `count`, `first`, `last`, `share` (of true, 0 to 1).
 * - Texts and UUIDs: `count`, `distinct`, `first`, `last`, `mode` (the most frequent). Documents and lists: `count`, `first`, `last`.
 *
 * @example
 * ```ts
 * import { type AggregateFunctions, defineChannel } from "@kronicle/client";
 *
 * const station = defineChannel({ temperature: "float", energy: "int64", state: "str" });
 * const functions: AggregateFunctions<typeof station> = { temperature: ["avg", "p95"], energy: ["increase"], state: ["mode"] };
 * console.log(functions);
 * ```
 */
export type AggregateFunctions<Definition extends ChannelDefinition> = {
  readonly [Name in Exclude<keyof Definition["columns"], "time">]?: readonly FunctionOfKind[KindOf<
    Definition["columns"][Name]
  >][];
};

type IsNumber<Type extends ColumnType> = KindOf<Type> extends "int" | "int64" | "float" ? true : false;

type DefaultFunction = "avg" | "min" | "max";

/** What is answered when nobody says what: mean, lowest and highest of every number. */
export type DefaultFunctions<Definition extends ChannelDefinition> = {
  readonly [
    Name in keyof Definition["columns"] as IsNumber<Definition["columns"][Name]> extends true ? Name : never
  ]: readonly DefaultFunction[];
} extends infer Functions extends AggregateFunctions<Definition>
  ? Functions
  : never;

type Result<Name, Value> = Name extends "count" | "distinct" ? number : Name extends FloatFunction ? number | null : Value | null;

/** By function. */
type Results<Definition extends ChannelDefinition, Column, Names> = Column extends keyof Row<Definition>
  ? Names extends readonly (infer Name extends string)[]
    ? { [Key in Name]: Result<Key, Row<Definition>[Column]> }
    : never
  : never;

/** By column and by function, the value of one bucket. */
export type BucketValues<Definition extends ChannelDefinition, Functions> = {
  -readonly [Column in keyof Functions]: Results<Definition, Column, Functions[Column]>;
};

/** The same turned round: one value for each bucket. */
export type BucketColumns<Definition extends ChannelDefinition, Functions> = {
  -readonly [Column in keyof Functions]: Turned<Results<Definition, Column, Functions[Column]>>;
};

type Turned<Values> = { [Name in keyof Values]: Values[Name][] };
