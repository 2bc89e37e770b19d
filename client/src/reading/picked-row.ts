import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { Row, TimeOf } from "../channel/row.ts";

/** What a query returns of each row: the columns it picks, `time`, and the time of arrival if it is not skipped. */
export type PickedName<Name extends string, SkipReceived extends boolean> =
  Name | "time" | (SkipReceived extends false ? "received_at" : never);

/** A row with the columns that a query asks for. */
export type PickedRow<Definition extends ChannelDefinition, Name extends ColumnName<Definition>, SkipReceived extends boolean> = {
  [Key in PickedName<Name, SkipReceived>]: Key extends keyof Row<Definition> ? Row<Definition>[Key] : TimeOf<Definition>;
};
