/** In charge of rows on their way out: bigint and Date become text, and nothing leaves that JSON would change silently. */
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import { type ColumnKind, parseColumnType } from "../channel/column-type.ts";
import type { components } from "../schema.generated.ts";
import { findJsonFault } from "../json/json-fault.ts";
import { isoTime } from "./encode-values.ts";

type RowOnTheWire = components["schemas"]["NewRow"];

/**
 * Columns that the definition does not have go along: the server refuses them, and dropping them would lose data.
 *
 * @throws TypeError naming row and column of a value that JSON cannot hold.
 */
export function encodeRows(definition: ChannelDefinition, rows: readonly object[]): RowOnTheWire[] {
  const encode = rowEncoder(definition);
  return rows.map((row, index) => encode(row, `rows[${index}]`));
}

/** The same for one row at a time; messages call it what the caller calls it. */
export function rowEncoder({ columns }: ChannelDefinition): (row: object, name: string) => RowOnTheWire {
  const kinds = new Map(Object.entries(columns).map(([name, type]) => [name, parseColumnType(type)?.kind]));
  kinds.set("time", "datetime");
  return (row, rowName) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, encodeValue(value, kinds.get(name), rowName, name)]));
}

function encodeValue(value: unknown, kind: ColumnKind | undefined, row: string, column: string): unknown {
  if (kind === "int64" && typeof value === "bigint") return value.toString();
  if (kind === "datetime" && value instanceof Date) return isoTime(value, place(row, column));
  const fault = findJsonFault(value);
  if (fault) throw new TypeError(`${place(row, column)}${fault.path}: ${fault.reason}.`);
  return value;
}

function place(row: string, column: string): string {
  return `${row}[${JSON.stringify(column)}]`;
}
