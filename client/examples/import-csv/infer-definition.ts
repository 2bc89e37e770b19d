/** In charge of the types of columns, told from some of their values: a number where all are numbers, and text elsewhere. */
import { type ChannelDefinition, type ColumnType, defineChannel } from "@kronicle/client";
import type { CsvRecord } from "./read-pieces.ts";

export function inferDefinition(records: readonly CsvRecord[]): ChannelDefinition {
  const names = Object.keys(records[0]?.fields ?? {}).filter((name) => name !== "time");
  const typeOf = (name: string): ColumnType =>
    records.every(({ fields }) => Number.isFinite(Number(fields[name]))) ? "optional[float]" : "optional[str]";
  return defineChannel(Object.fromEntries(names.map((name) => [name, typeOf(name)])));
}
