/** In charge of showing rows that were just stored, as reading them would. */
import type { Column } from "../../columns/channel-schema.ts";
import type { RowBatch } from "./row-batch.ts";
import type { StoredValue } from "../../columns/value-check.ts";

export function batchJson(columns: readonly Column[], { times, values }: RowBatch): string {
  const rows = times.map((time, index) => {
    const members = columns.map(
      (column, position) => `,${JSON.stringify(column.name)}:${valueJson(column, values[position]?.[index] ?? null)}`,
    );
    return `{"time":"${trimTime(time)}"${members.join("")}}`;
  });
  return `[${rows.join(",")}]`;
}

function valueJson({ type }: Column, value: StoredValue | null): string {
  if (value === null) return "null";
  switch (type) {
    case "datetime":
      return `"${trimTime(String(value))}"`;
    case "uuid":
      return JSON.stringify(String(value).toLowerCase());
    // Documents are JSON text already, and -0 is "-0".
    case "dict":
    case "list":
    case "float":
      return String(value);
    default:
      return JSON.stringify(value);
  }
}

function trimTime(text: string): string {
  return text.replace(".000000Z", "Z");
}
