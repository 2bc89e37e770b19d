import type { ChannelDefinition, ColumnTypes, TimeForm } from "./channel-definition.ts";
import { type DatetimeName, parseColumnType } from "./column-type.ts";

/** `time` is always there and always a datetime; declaring it is allowed. */
type WithTime = { readonly time?: DatetimeName };

/** @inline */
type DefinitionOptions<Times extends TimeForm> = {
  /**
   * How `time`, `received_at` and `datetime` columns are read: as the `exact` RFC 3339 text in UTC, or as a `date`, which cuts
   * microseconds off. Both forms are taken when rows are written. Default: `exact`.
   */
  readonly times?: Times | undefined;
};

/**
 * Declares the columns of a channel once, so that rows are typed wherever they are written and read.
 *
 * The definition is frozen. It talks to no server: it is compared with the channel when it is first used. The rules for column names
 * are checked when the channel is created. `npx kronicle typegen` writes the definitions of channels that exist.
 *
 * @throws TypeError when a column has a type that does not exist.
 *
 * @example
 * ```ts
 * import { defineChannel, type NewRow, type Row } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float", humidity: "optional[float]", at: "datetime", meta: "dict" });
 *
 * const written: NewRow<typeof thermometer> = { temperature: 20.5, at: new Date(0), meta: {} };
 * const read: Row<typeof thermometer> = {
 *   time: "2024-03-01T00:00:00Z",
 *   temperature: 20.5,
 *   humidity: null,
 *   at: "1970-01-01T00:00:00Z",
 *   meta: {},
 * };
 * console.log(written, read);
 *
 * // With dates for those who can do without microseconds.
 * const clock = defineChannel({ offset: "float" }, { times: "date" });
 * const ticked: Row<typeof clock> = { time: new Date(0), offset: 0.5 };
 * console.log(ticked.time.getTime());
 * ```
 */
export function defineChannel<const Columns extends ColumnTypes & WithTime, Times extends TimeForm = "exact">(
  columns: Columns,
  options?: DefinitionOptions<Times>,
): ChannelDefinition<Columns, Times>;
export function defineChannel(columns: ColumnTypes, { times = "exact" }: DefinitionOptions<TimeForm> = {}): ChannelDefinition {
  for (const [name, type] of Object.entries(columns)) {
    if (typeof type !== "string" || !parseColumnType(type)) {
      throw new TypeError(`Column "${name}": there is no column type ${JSON.stringify(type)}.`);
    }
  }
  if (times !== "exact" && times !== "date") throw new TypeError('times has to be "exact" or "date".');
  return Object.freeze({ columns: Object.freeze({ ...columns }), times });
}
