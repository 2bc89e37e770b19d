import type { ChannelDefinition, ColumnName } from "../channel/channel-definition.ts";
import type { RowQuery } from "./row-query.ts";

/**
 * Which rows of a channel to export: the same as a `RowQuery`, without pages.
 *
 * @example
 * ```ts
 * import { defineChannel, type ExportQuery } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const lastYear: ExportQuery<typeof thermometer> = { from: "2023-01-01T00:00:00Z", to: "2024-01-01T00:00:00Z", sort: "time" };
 * console.log(lastYear);
 * ```
 */
export type ExportQuery<
  Definition extends ChannelDefinition = ChannelDefinition,
  Name extends ColumnName<Definition> = ColumnName<Definition>,
  SkipReceived extends boolean = boolean,
> = Omit<RowQuery<Definition, Name, SkipReceived>, "cursor" | "limit"> & {
  /** Most rows to export. Default: all. */
  readonly limit?: number | undefined;
};
