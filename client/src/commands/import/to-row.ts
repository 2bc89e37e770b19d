/** In charge of the step from the texts of a line to the values of a row. */
import type { ChannelDefinition } from "../../channel/channel-definition.ts";
import type { NewRow } from "../../channel/new-row.ts";
import { asAnyNumber, asInteger } from "./number-text.ts";
import type { PlannedColumn } from "./plan-columns.ts";
import type { TimeReader } from "./time-column.ts";

type Value = string | number | bigint | boolean | object;
export type FileRow = { time: string } & NewRow<ChannelDefinition>;
/** A row, or the reason why there is none. */
export type Outcome = { readonly row: FileRow } | { readonly fault: string };

const BOOLEANS = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** @param textOf the text of a cell, empty where there is no value. */
export function toRow(
  columns: readonly PlannedColumn[],
  timeText: string,
  readTime: TimeReader,
  textOf: (place: number) => string,
): Outcome {
  const resolved = readTime(timeText);
  if ("fault" in resolved) return resolved;
  const row: FileRow = { time: resolved.time };
  for (const column of columns) {
    const text = textOf(column.place);
    if (text === "" || column.missing.has(text)) {
      if (!column.type.startsWith("optional[")) return { fault: `${column.source}: the value is missing` };
      continue;
    }
    const value = toValue(column, text, readTime);
    if (value === null) return { fault: `${column.source}: "${text}" is no ${column.kind}` };
    Object.assign(row, { [column.name]: value });
  }
  return { row };
}

/** Null when the text is none of this kind. Of a uuid, the service says so. */
function toValue({ kind, mark }: PlannedColumn, text: string, readTime: TimeReader): Value | null {
  switch (kind) {
    case "float":
      return asAnyNumber(text, mark);
    case "int":
      return toSafe(asInteger(text, mark));
    case "int64":
      return asInteger(text, mark);
    case "bool":
      return BOOLEANS.get(text.toLowerCase()) ?? null;
    case "datetime":
      return toTime(readTime(text));
    case "dict":
    case "list":
      return parseJson(text);
    case "str":
    case "uuid":
      return text;
  }
}

function toSafe(integer: bigint | null): number | null {
  return integer === null || integer > MAX_SAFE || integer < -MAX_SAFE ? null : Number(integer);
}

function toTime(resolved: ReturnType<TimeReader>): string | null {
  return "time" in resolved ? resolved.time : null;
}

function parseJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
