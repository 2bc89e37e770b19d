import type { ChannelDefinition, ColumnTypes } from "../channel/channel-definition.ts";
import type { KindOf } from "../channel/column-type.ts";

type SortableName<Columns extends ColumnTypes> =
  | { [Name in keyof Columns & string]: KindOf<Columns[Name]> extends "dict" | "list" ? never : Name }[keyof Columns & string]
  | "time"
  | "received_at";

/**
 * A column to sort rows by, with a `-` in front for descending order. Documents and lists have no order.
 *
 * @example
 * ```ts
 * import { defineChannel, type SortKey } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const hottestFirst: SortKey<typeof thermometer>[] = ["-temperature", "time"];
 * console.log(hottestFirst);
 * ```
 */
export type SortKey<Definition extends ChannelDefinition> =
  SortableName<Definition["columns"]> | `-${SortableName<Definition["columns"]>}`;
