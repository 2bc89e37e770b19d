/** In charge of the types of what a query picks. */
import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { ColumnType, KindOf } from "../channel/column-type.ts";
import type { Row, TimeOf } from "../channel/row.ts";

/** What a query returns of each row: the columns it picks, `time`, and the time of arrival if it is not skipped. */
type PickedName<Name extends string, SkipReceived extends boolean> =
  Name | "time" | (SkipReceived extends false ? "received_at" : never);

/** A row with the columns that a query asks for. */
export type PickedRow<Definition extends ChannelDefinition, Name extends ColumnName<Definition>, SkipReceived extends boolean> = {
  [Key in PickedName<Name, SkipReceived>]: Key extends keyof Row<Definition> ? Row<Definition>[Key] : TimeOf<Definition>;
};

/** Those that always hold a float, and so lose nothing in a typed array. */
type IsFloat<Type extends ColumnType> = Type extends `optional[${string}]` ? false : KindOf<Type> extends "float" ? true : false;

/** One array for each column that a query asks for; a `Float64Array` where every value is a float. */
export type PickedColumns<
  Definition extends ChannelDefinition,
  Name extends ColumnName<Definition>,
  SkipReceived extends boolean,
> = {
  [Key in PickedName<Name, SkipReceived>]: Key extends Exclude<keyof Definition["columns"], "time">
    ? IsFloat<Definition["columns"][Key]> extends true
      ? Float64Array
      : PickedRow<Definition, Name, SkipReceived>[Key][]
    : PickedRow<Definition, Name, SkipReceived>[Key][];
};
