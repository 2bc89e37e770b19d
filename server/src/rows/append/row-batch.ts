/** In charge of rows on their way in: each value checked, and the whole turned into one array per column; and of the JSON that shows them. */
import { didYouMean } from "../../formats/did-you-mean.ts";
import { type Fault, MAX_FAULTS } from "../../problems/fault.ts";
import type { Column } from "../../columns/channel-schema.ts";
import { type Instant, MS_PER_DAY, parseWrittenInstant } from "../../formats/instant.ts";
import { jsonPointer } from "../../formats/json-pointer.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import { explainTime, type StoredValue, type ValueCheck, ValueFault } from "../../columns/value-check.ts";
import { UnreadableRow } from "./formats/text-rows.ts";

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

/**
 * What becomes of rows without a time: by `optional` they get that of their arrival, but not for a null; by `received` for a null as well; by
 * `required` they are refused.
 */
export type TimeRule = "optional" | "received" | "required";

type Limits = {
  readonly timeRule: TimeRule;
  /** The time of rows that get that of their arrival. */
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

export type RowBatcher = {
  /** Checks the rows from here on, up to and without the last. */
  readonly add: (rows: readonly unknown[], start: number, end: number) => void;
  readonly outcome: () => BatchOutcome;
};

/** @param isStrict stops looking once there are as many faults as an answer may list: one bad row refuses all of them anyway. */
export function batchRows(columns: readonly Column[], rows: readonly unknown[], limits: Limits, isStrict: boolean): BatchOutcome {
  const batcher = createRowBatcher(columns, limits, isStrict);
  batcher.add(rows, 0, rows.length);
  return batcher.outcome();
}

/** For rows that are checked in several steps; the others are checked by `batchRows`. */
export function createRowBatcher(columns: readonly Column[], limits: Limits, isStrict: boolean): RowBatcher {
  const times: string[] = [];
  // What a column takes is looked up once for all rows.
  const fields = columns.map(({ name, type, optional }): Field => ({
    name,
    optional,
    check: TYPE_RULES[type].check,
    values: [],
  }));
  const faults = createFaultList(fields);
  const days = new Set<number>();
  let rejected = 0;
  let firstTime = limits.latest.text;
  let lastTime = "";
  let lastDay = Number.NaN;

  return {
    add: (rows, start, end) => {
      for (let index = start; index < end; index++) {
        const row = rows[index];
        if (isStrict && faults.isFull()) break;
        const time =
          row instanceof UnreadableRow
            ? faults.add(row.fault)
            : isRecord(row)
              ? checkRow(index, row, fields, limits, faults)
              : faults.refuse(index, null, NOT_AN_OBJECT);
        if (time === null) {
          rejected++;
          for (const { values } of fields) values.length = times.length;
          continue;
        }
        times.push(time.text);
        if (time.day !== lastDay) days.add((lastDay = time.day));
        if (time.text < firstTime) firstTime = time.text;
        if (time.text > lastTime) lastTime = time.text;
      }
    },
    outcome: () => {
      const values = fields.map(({ values }) => values);
      const batch = times.length > 0 ? { count: times.length, times, values, firstTime, lastTime, days } : null;
      return { batch, rejected, faults: faults.list };
    },
  };
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

/** Puts the values of a row into the fields, and what is wrong with it into the faults. Null when the row is bad. */
function checkRow(
  index: number,
  row: Record<string, unknown>,
  fields: readonly Field[],
  limits: Limits,
  faults: FaultList,
): Instant | null {
  const time = readTime(row, limits);
  let isGood = !(time instanceof ValueFault);
  if (time instanceof ValueFault) faults.refuse(index, "time", time);
  let known = row["time"] === undefined ? 0 : 1;
  for (const field of fields) {
    const value = ownValue(row, field.name);
    if (value !== undefined) known++;
    const stored = checkValue(field, value);
    if (stored instanceof ValueFault) {
      faults.refuse(index, field.name, stored);
      isGood = false;
    } else field.values.push(stored);
  }
  if (Object.keys(row).length !== known) {
    faults.refuseUnknown(index, row);
    isGood = false;
  }
  return isGood && !(time instanceof ValueFault) ? time : null;
}

/** The first faults, as many as an answer lists: nothing is worked out for those after them. */
type FaultList = {
  readonly list: readonly Fault[];
  readonly isFull: () => boolean;
  readonly add: (fault: Fault) => null;
  /** @param name of a column; null for the row itself. */
  readonly refuse: (index: number, name: string | null, fault: ValueFault) => null;
  readonly refuseUnknown: (index: number, row: object) => void;
};

/** What was meant by more names than that nobody reads, and each guess compares with all columns: 0.6 ms where there are 256. */
const MAX_GUESSES = 10;

function createFaultList(fields: readonly Field[]): FaultList {
  const list: Fault[] = [];
  const guesses = new Map<string, string>();
  let names: ReadonlySet<string> | null = null;

  const isFull = () => list.length >= MAX_FAULTS;
  const guess = (name: string, known: ReadonlySet<string>): string => {
    const made = guesses.get(name) ?? (guesses.size < MAX_GUESSES ? didYouMean(name, known) : "");
    if (guesses.size < MAX_GUESSES) guesses.set(name, made);
    return made;
  };
  const add = (fault: Fault) => {
    if (!isFull()) list.push(fault);
    return null;
  };
  const refuse = (index: number, name: string | null, { code, detail }: ValueFault) => {
    if (!isFull()) list.push({ pointer: jsonPointer(name === null ? ["rows", index] : ["rows", index, name]), code, detail });
    return null;
  };
  return {
    list,
    isFull,
    add,
    refuse,
    refuseUnknown: (index, row) => {
      if (isFull()) return;
      names ??= new Set(["time", ...fields.map(({ name }) => name)]);
      for (const key of Object.keys(row)) {
        if (isFull()) break;
        if (!names.has(key)) {
          refuse(index, key, new ValueFault("unknown_column", `the channel has no such column${guess(key, names)}`));
        }
      }
    },
  };
}

const NOT_AN_OBJECT = new ValueFault("not_an_object", "a row is a JSON object");
const MISSING = new ValueFault("missing", "a value is needed: the column is not optional");
const MISSING_TIME = new ValueFault(
  "missing",
  "a row of NDJSON or CSV, or with on_same_time=ignore, needs a time; with time=received in the query it gets that of its arrival",
);
const NULL_VALUE = new ValueFault("null_value", "null is for optional columns only");
const BAD_TIME = new ValueFault(
  "not_a_time",
  "expected RFC 3339 with an offset, at most microseconds, such as 2024-03-01T00:00:00Z",
);

function readTime(row: Record<string, unknown>, limits: Limits): Instant | ValueFault {
  const text = row["time"];
  if (text === undefined || text === null) return timeOfArrival(text, limits);
  if (typeof text !== "string") return BAD_TIME;
  const time = parseWrittenInstant(text);
  if (!time) return explainTime(BAD_TIME, text);
  const { latest } = limits;
  if (time.text > latest.text) return new ValueFault("time_too_late", `the latest time taken just now is ${latest.text}`);
  return time;
}

function timeOfArrival(given: null | undefined, { timeRule, now }: Limits): Instant | ValueFault {
  if (timeRule === "required") return MISSING_TIME;
  return given === null && timeRule === "optional" ? BAD_TIME : now;
}

function checkValue({ check, optional }: Field, value: unknown): StoredValue | null | ValueFault {
  if (value !== undefined && value !== null) return check(value);
  if (optional) return null;
  return value === null ? NULL_VALUE : MISSING;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** These rows of the batch, by their places in it. */
export function pickRows(batch: RowBatch, places: readonly number[]): RowBatch {
  const times = places.map((place) => batch.times[place] ?? "");
  let firstTime = times[0] ?? "";
  let lastTime = firstTime;
  for (const time of times) {
    if (time < firstTime) firstTime = time;
    if (time > lastTime) lastTime = time;
  }
  return {
    count: places.length,
    times,
    values: batch.values.map((column) => places.map((place) => column[place] ?? null)),
    firstTime,
    lastTime,
    days: new Set(times.map((time) => Math.floor(Date.parse(time) / MS_PER_DAY))),
  };
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
