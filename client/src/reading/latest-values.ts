import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { Row, TimeOf } from "../channel/row.ts";
import type { PickedRow } from "./picked.ts";

/**
 * The latest value of each column of a channel.
 *
 * @example
 * ```ts
 * import { defineChannel, type LatestValues } from "@kronicle/client";
 *
 * const station = defineChannel({ temperature: "optional[float]", wind: "optional[float]" });
 * const windOf = ({ columns }: LatestValues<typeof station>) => columns.wind?.value ?? 0;
 * ```
 */
export type LatestValues<Definition extends ChannelDefinition, Name extends ColumnName<Definition> = ColumnName<Definition>> = {
  /** The newest row; null while there is none. */
  row: PickedRow<Definition, Name, true> | null;
  /** The newest value of each column that is not null, with its time; null where none was found. */
  columns: {
    [Key in Exclude<Name, "time">]: {
      /** The time of its row. */
      time: TimeOf<Definition>;
      /** What the row holds. */
      value: Exclude<Row<Definition>[Key], null>;
    } | null;
  };
  /** The time that was looked back to, inclusive; null while there is no row. */
  searchedFrom: string | null;
};
