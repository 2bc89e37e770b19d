/** In charge of rows on their way in: each value checked, and the whole turned into one array per column; and of the JSON that shows them. */
import { didYouMean } from "../../formats/did-you-mean.ts";
import { type Fault, MAX_FAULTS } from "../../problems/fault.ts";
import type { Column } from "../../columns/channel-schema.ts";
import { type Instant, parseInstant } from "../../formats/instant.ts";
import { jsonPointer } from "../../formats/json-pointer.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import { type StoredValue, type ValueCheck, ValueFault } from "../../columns/value-check.ts";

/** Rows of one channel, ready for one statement. */
export type RowBatch = {
  readonly count: number;
  readonly times: readonly string[];
  /** One array for each column, in the order of the columns. */
  readonly values: readonly (readonly (StoredValue | null)[])[];
  readonly firstTime: string;
  readonly lastTime: string;
  /** Days since 1970-01-01 that the rows fall on. */
  readonly days: ReadonlySet<number>;
};

type Limits = {
  /** The time of rows that bring none. */
  readonly now: Instant;
  /** No row may be later. */
  readonly latest: Instant;
};

export type BatchOutcome = {
  /** The good rows; null if there is none. */
  readonly batch: RowBatch | null;
  /** Number of bad rows, as far as they were looked at. */
  readonly rejected: number;
  /** What is wrong with them; no more than one answer may list. */
  readonly faults: readonly Fault[];
};

/** @param isStrict stops looking once there are as many faults as an answer may list: one bad row refuses all of them anyway. */
export function batchRows(columns: readonly Column[], rows: readonly unknown[], limits: Limits, isStrict: boolean): BatchOutcome {
  const faults: Fault[] = [];
  const times: string[] = [];
  // What a column takes is looked up once for all rows.
  const fields = columns.map(({ name, type, optional }): Field => ({
    name,
    optional,
    check: TYPE_RULES[type].check,
    values: [],
  }));
  const days = new Set<number>();
  let rejected = 0;
  let firstTime = limits.latest.text;
  let lastTime = "";
  let lastDay = Number.NaN;

  const rowFaults: Fault[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    if (isStrict && faults.length >= MAX_FAULTS) break;
    const time = isRecord(row) ? checkRow(index, row, fields, limits, rowFaults) : null;
    if (!isRecord(row)) rowFaults.push({ pointer: `/rows/${index}`, code: "not_an_object", detail: "a row is a JSON object" });
    if (time === null || rowFaults.length > 0) {
      rejected++;
      faults.push(...rowFaults.splice(0).slice(0, MAX_FAULTS - faults.length));
      for (const { values } of fields) values.length = times.length;
      continue;
    }
    times.push(time.text);
    if (time.day !== lastDay) days.add((lastDay = time.day));
    if (time.text < firstTime) firstTime = time.text;
    if (time.text > lastTime) lastTime = time.text;
  }

  const values = fields.map(({ values }) => values);
  const batch = times.length > 0 ? { count: times.length, times, values, firstTime, lastTime, days } : null;
  return { batch, rejected, faults };
}

/** Rows are parsed JSON: what they inherit are functions, which JSON has none of. Asking for own properties costs twice as much. */
function ownValue(row: Record<string, unknown>, name: string): unknown {
  const value = row[name];
  return typeof value === "function" ? undefined : value;
}

/** A column, and the values that rows have brought for it. */
type Field = Pick<Column, "name" | "optional"> & {
  readonly check: ValueCheck;
  readonly values: (StoredValue | null)[];
};

/** Puts the values of a row into the fields, and what is wrong with it into the faults. */
function checkRow(
  index: number,
  row: Record<string, unknown>,
  fields: readonly Field[],
  limits: Limits,
  faults: Fault[],
): Instant | null {
  const time = readTime(row, limits);
  if (time instanceof ValueFault) faults.push(faultAt(index, "time", time));
  let known = row["time"] === undefined ? 0 : 1;
  for (const field of fields) {
    const value = ownValue(row, field.name);
    if (value !== undefined) known++;
    const stored = checkValue(field, value);
    if (stored instanceof ValueFault) faults.push(faultAt(index, field.name, stored));
    else field.values.push(stored);
  }
  if (Object.keys(row).length !== known) faults.push(...unknownColumns(index, row, fields));
  return time instanceof ValueFault ? null : time;
}

const MISSING = new ValueFault("missing", "a value is needed: the column is not optional");
const NULL_VALUE = new ValueFault("null_value", "null is for optional columns only");
const BAD_TIME = new ValueFault(
  "not_a_time",
  "expected RFC 3339 with an offset, at most microseconds, such as 2024-03-01T00:00:00Z",
);

function readTime(row: Record<string, unknown>, { now, latest }: Limits): Instant | ValueFault {
  const text = row["time"];
  if (text === undefined) return now;
  const time = typeof text === "string" ? parseInstant(text) : null;
  if (!time) return BAD_TIME;
  if (time.text > latest.text) return new ValueFault("time_too_late", `the latest time taken just now is ${latest.text}`);
  return time;
}

function checkValue({ check, optional }: Field, value: unknown): StoredValue | null | ValueFault {
  if (value !== undefined && value !== null) return check(value);
  if (optional) return null;
  return value === null ? NULL_VALUE : MISSING;
}

function unknownColumns(index: number, row: object, fields: readonly Field[]): Fault[] {
  const names = new Set(fields.map(({ name }) => name));
  return Object.keys(row)
    .filter((key) => key !== "time" && !names.has(key))
    .slice(0, MAX_FAULTS)
    .map((key) =>
      faultAt(
        index,
        key,
        new ValueFault("unknown_column", `the channel has no such column${didYouMean(key, ["time", ...names])}`),
      ),
    );
}

function faultAt(index: number, name: string, { code, detail }: ValueFault): Fault {
  return { pointer: jsonPointer(["rows", index, name]), code, detail };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The rows as reading them would show them. */
export function batchJson(columns: readonly Column[], { times, values }: RowBatch): string {
  const fields = columns.map(({ name, type }, position) => ({
    name: JSON.stringify(name),
    toJson: TYPE_RULES[type].toJson,
    values: values[position] ?? [],
  }));
  const rows = times.map((time, index) => {
    const members = fields.map(({ name, toJson, values }) => {
      const value = values[index] ?? null;
      return `,${name}:${value === null ? "null" : toJson(value)}`;
    });
    return `{"time":${TYPE_RULES.datetime.toJson(time)}${members.join("")}}`;
  });
  return `[${rows.join(",")}]`;
}
