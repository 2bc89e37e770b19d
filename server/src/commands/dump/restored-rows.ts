/** In charge of rows on their way from a dump into the database: each value checked, and so many at a time turned into arrays. */
import type { DumpedRows } from "../../rows/append/queries/restoreRows.ts";
import type { Column } from "../../columns/channel-schema.ts";
import { parseInstant } from "../../formats/instant.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import { type StoredValue, ValueFault } from "../../columns/value-check.ts";
import { brokenLine } from "./dump-error.ts";

const MAX_ROWS = 10_000;
const MAX_CHARACTERS = 8_000_000;
/** New chunks in one statement: each takes locks until its end. */
const MAX_CHUNKS = 64;

/** What stands in a line besides the values: the number of the row, its time, and when it was received. */
const FIXED_VALUES = 3;

type Row = { readonly number: number; readonly values: readonly unknown[]; readonly length: number };

export type RestoredRows = {
  /** Returns what was gathered before, when the row does not go with it any more. */
  readonly add: (row: Row) => DumpedRows | null;
  /** Returns the rest. */
  readonly take: () => DumpedRows | null;
};

export function createRestoredRows(columns: readonly Column[], chunkDays: number): RestoredRows {
  let batch = emptyBatch(columns);

  const take = () => {
    const { rowNumbers, times, receivedAt, values, firstTime, lastTime } = batch;
    batch = emptyBatch(columns);
    return times.length === 0 ? null : { count: times.length, rowNumbers, times, receivedAt, values, firstTime, lastTime };
  };

  return {
    take,
    add: (row) => {
      const checked = checkRow(row, columns);
      const chunk = Math.floor(checked.day / chunkDays);
      const isFull =
        batch.times.length >= MAX_ROWS ||
        batch.characters + row.length > MAX_CHARACTERS ||
        (batch.chunks.size >= MAX_CHUNKS && !batch.chunks.has(chunk));
      const full = isFull ? take() : null;
      batch.characters += row.length;
      batch.chunks.add(chunk);
      batch.rowNumbers.push(checked.rowNumber);
      batch.times.push(checked.time);
      batch.receivedAt.push(checked.receivedAt);
      for (const [position, value] of checked.values.entries()) batch.values[position]?.push(value);
      if (batch.firstTime === "" || checked.time < batch.firstTime) batch.firstTime = checked.time;
      if (checked.time > batch.lastTime) batch.lastTime = checked.time;
      return full;
    },
  };
}

function emptyBatch(columns: readonly Column[]) {
  const rowNumbers: number[] = [];
  const times: string[] = [];
  const receivedAt: string[] = [];
  const values: (StoredValue | null)[][] = columns.map(() => []);
  return { rowNumbers, times, receivedAt, values, chunks: new Set<number>(), characters: 0, firstTime: "", lastTime: "" };
}

/** @throws DumpError naming the line, for a row that no channel with these columns can have. */
function checkRow({ number, values }: Row, columns: readonly Column[]) {
  const [rowNumber, time, ...rest] = values;
  const at = typeof time === "string" ? parseInstant(time) : null;
  const received = rest.at(-1);
  const receivedAt = typeof received === "string" ? parseInstant(received) : null;
  if (values.length !== columns.length + FIXED_VALUES) throw brokenLine(number, "it has as many values as no row of its channel");
  if (typeof rowNumber !== "number" || !Number.isSafeInteger(rowNumber) || rowNumber < 1) {
    throw brokenLine(number, "it begins with no number of a row");
  }
  if (!at) throw brokenLine(number, "time: expected RFC 3339");
  if (!receivedAt) throw brokenLine(number, "received_at: expected RFC 3339");
  return {
    rowNumber,
    time: at.text,
    day: at.day,
    receivedAt: receivedAt.text,
    values: columns.map((column, position) => checkValue(column, rest[position], number)),
  };
}

function checkValue({ name, type, optional }: Column, value: unknown, number: number): StoredValue | null {
  if (value === null && optional) return null;
  const stored = TYPE_RULES[type].check(value);
  if (stored instanceof ValueFault) throw brokenLine(number, `${name}: ${stored.detail}`);
  return stored;
}
