/** In charge of what is asked of the rows of a channel: checked against its columns, and the same for every way to present it. */
import type { AskedCondition } from "@kronicle/client/filter-grammar";
import type { Column } from "../../columns/channel-schema.ts";
import type { FunctionChoice } from "../../contract/operation.ts";
import { DURATION, parseDuration } from "../../formats/duration.ts";
import type { Instant } from "../../formats/instant.ts";
import { readTimeBound, TIME_BOUND } from "../../formats/time-bound.ts";
import { FaultList } from "../../problems/fault.ts";
import { unknownColumn } from "../read/row-filter.ts";
import { type Clock, planSelection, type RowSelection, type SelectionParameters } from "../read/row-query.ts";
import { type BucketWidth, MICROS_PER_DAY, parseBucketWidth } from "./bucket-width.ts";
import {
  type ColumnFunction,
  defaultFunctions,
  describeUnknownFunction,
  findFunction,
  isSequence,
  resultType,
} from "./functions.ts";
import { isUtc, isZone } from "./time-zone.ts";

/** What buckets without rows hold. */
type Fill = "none" | "null" | "previous" | "linear" | number;

export type AggregateQuery = RowSelection & {
  readonly functions: readonly ColumnFunction[];
  /** Null when the server chooses by `maxPoints`, or one bucket is all of the range. */
  readonly width: BucketWidth | null;
  readonly maxPoints: number | null;
  readonly tz: string;
  readonly origin: Instant | null;
  readonly fill: Fill;
  /** The longest gap that is filled, in microseconds. */
  readonly fillLimit: bigint | null;
  readonly dropsPartial: boolean;
};

export type AggregateParameters = SelectionParameters & {
  readonly bucket?: string | undefined;
  readonly max_points?: number | undefined;
  readonly tz?: string | undefined;
  readonly origin?: string | undefined;
  readonly fill?: string | undefined;
  readonly fill_limit?: string | undefined;
  readonly partial?: "mark" | "drop" | undefined;
};

/** As many as the default asks of a channel with as many numbers as one may have, and some more. PostgreSQL takes 1,664 to a statement. */
const MAX_FUNCTIONS = 1_000;
/** Each goes over the rows by itself and is joined to the others, for which the planner takes memory with their square: twice as many took a gigabyte. */
const MAX_SEQUENCES = 64;

export function planAggregate(
  available: readonly Column[],
  parameters: AggregateParameters,
  conditions: readonly AskedCondition[],
  choices: readonly FunctionChoice[],
  clock: Clock,
): { query: AggregateQuery; faults: FaultList } {
  const faults = new FaultList();
  const functions = choices.length === 0 ? defaultFunctions(available) : pickFunctions(available, choices, faults);
  const query: AggregateQuery = {
    ...planSelection(available, parameters, conditions, clock, faults),
    functions,
    width: readWidth(parameters, faults),
    maxPoints: parameters.max_points ?? null,
    tz: readZone(parameters.tz, faults),
    origin: readOrigin(parameters.origin, clock, faults),
    fill: readFill(parameters, functions, faults),
    fillLimit: readFillLimit(parameters.fill_limit, faults),
    dropsPartial: parameters.partial === "drop",
  };
  return { query, faults };
}

function pickFunctions(available: readonly Column[], choices: readonly FunctionChoice[], faults: FaultList): ColumnFunction[] {
  const byName = new Map(available.map((column) => [column.name, column]));
  const picked = choices.flatMap(({ column: columnName, functions: labels }) => {
    const parameter = `fn[${columnName}]`;
    const column = byName.get(columnName);
    if (!column) {
      faults.add((mayGuess) => unknownColumn(parameter, columnName, mayGuess ? byName.keys() : []));
      return [];
    }
    return [...new Set(labels)].flatMap((label) => {
      const found = findFunction(column, label);
      if (!found) faults.add(() => ({ parameter, code: "unknown_function", detail: describeUnknownFunction(column, label) }));
      return found ?? [];
    });
  });
  if (picked.length > MAX_FUNCTIONS)
    faults.add(() => ({ parameter: "fn", code: "too_many", detail: `at most ${MAX_FUNCTIONS} functions` }));
  if (picked.filter(isSequence).length > MAX_SEQUENCES)
    faults.add(() => ({
      parameter: "fn",
      code: "too_many",
      detail: `at most ${MAX_SEQUENCES} times increase and time_weighted_avg`,
    }));
  return picked;
}

function readWidth({ bucket, max_points }: AggregateParameters, faults: FaultList): BucketWidth | null {
  if (bucket === undefined) return null;
  const width = parseBucketWidth(bucket);
  if (!width) {
    const detail = `expected ${DURATION}; of one kind (up to hours, days or weeks, months or years), and of at least 1 ms`;
    faults.add(() => ({ parameter: "bucket", code: "not_a_bucket", detail }));
  }
  if (max_points !== undefined) {
    const detail = "the length of a bucket is either given by bucket or chosen by max_points";
    faults.add(() => ({ parameter: "max_points", code: "not_with_bucket", detail }));
  }
  return width;
}

function readZone(text: string | undefined, faults: FaultList): string {
  if (text === undefined) return "UTC";
  if (!isZone(text)) faults.add(() => unknownZone(text));
  return text;
}

export function unknownZone(text: string) {
  const detail = `there is no time zone "${text}"; expected a name of the IANA database, such as Europe/Berlin`;
  return { parameter: "tz", code: "unknown_time_zone", detail };
}

function readOrigin(text: string | undefined, { now }: Clock, faults: FaultList): Instant | null {
  if (text === undefined) return null;
  const instant = readTimeBound(text, now);
  if (!instant) faults.add(() => ({ parameter: "origin", code: "not_a_time", detail: `expected ${TIME_BOUND}` }));
  return instant;
}

function readFill(
  { fill = "none", from, to }: AggregateParameters,
  functions: readonly ColumnFunction[],
  faults: FaultList,
): Fill {
  if (fill === "none") return fill;
  if (from === undefined || to === undefined) {
    const detail = "needs from and to: which buckets have no rows is only known of a range";
    faults.add(() => ({ parameter: "fill", code: "needs_range", detail }));
  }
  if (fill === "null" || fill === "previous" || fill === "linear") return fill;
  return readConstant(Number(fill), functions, faults);
}

function readConstant(number: number, functions: readonly ColumnFunction[], faults: FaultList): Fill {
  const exact = Number.isSafeInteger(number) ? undefined : functions.find((each) => resultType(each) === "int64");
  if (!Number.isFinite(number))
    faults.add(() => ({ parameter: "fill", code: "out_of_range", detail: "is beyond what a float can hold" }));
  else if (exact) {
    const detail = `"${exact.column.name}" is int64: its ${exact.label} is filled with a whole number within ±(2^53 - 1) only`;
    faults.add(() => ({ parameter: "fill", code: "wrong_type", detail }));
  }
  return number;
}

function readFillLimit(text: string | undefined, faults: FaultList): bigint | null {
  if (text === undefined) return null;
  const duration = parseDuration(text);
  if (duration && duration.months === 0) return BigInt(duration.days) * MICROS_PER_DAY + duration.micros;
  const detail = duration ? "months have no fixed length: say it in days" : `expected ${DURATION}`;
  faults.add(() => ({ parameter: "fill_limit", code: "not_a_duration", detail }));
  return null;
}

/** Days of UTC are all of the same length. */
export function isUniform({ unit }: BucketWidth, tz: string): boolean {
  return unit === "micros" || (unit === "days" && isUtc(tz));
}
