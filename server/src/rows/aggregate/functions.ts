/** In charge of what can be asked of a column of each type. */
import type { Column } from "../../columns/channel-schema.ts";
import { type ColumnType, TYPE_RULES } from "../../columns/column-type.ts";
import { didYouMean } from "../../formats/did-you-mean.ts";

const NUMBER_FUNCTIONS = [
  "count",
  "sum",
  "avg",
  "min",
  "max",
  "first",
  "last",
  "stddev",
  "range",
  "delta",
  "increase",
  "time_weighted_avg",
  "median",
] as const;
const TEXT_FUNCTIONS = ["count", "distinct", "first", "last", "mode"] as const;
const DOCUMENT_FUNCTIONS = ["count", "first", "last"] as const;

const FUNCTIONS = {
  str: TEXT_FUNCTIONS,
  int: NUMBER_FUNCTIONS,
  int64: NUMBER_FUNCTIONS,
  float: NUMBER_FUNCTIONS,
  bool: ["count", "first", "last", "share"],
  uuid: TEXT_FUNCTIONS,
  datetime: ["count", "min", "max", "first", "last"],
  dict: DOCUMENT_FUNCTIONS,
  list: DOCUMENT_FUNCTIONS,
} as const satisfies Readonly<Record<ColumnType, readonly string[]>>;

type FunctionName = (typeof FUNCTIONS)[ColumnType][number];

type Asked = {
  readonly column: Column;
  /** As it was asked for, which is what the answer calls it. */
  readonly label: string;
};

type NamedFunction = {
  [Name in Exclude<FunctionName, "median">]: Asked & { readonly name: Name };
}[Exclude<FunctionName, "median">];

/** A function that has a name of its own, or a percentile, of which there are a thousand. */
export type ColumnFunction = NamedFunction | (Asked & { readonly name: "percentile"; readonly fraction: number });

/** What follows from one row to the next, and has to be worked out in the order of the rows. */
export type SequenceFunction = Extract<ColumnFunction, { readonly name: "increase" | "time_weighted_avg" }>;

export function isSequence(each: ColumnFunction): each is SequenceFunction {
  return each.name === "increase" || each.name === "time_weighted_avg";
}

/** Percentiles from 0.1 to 99.9. */
const PERCENTILE = /^p((?:[1-9]\d?|0(?=\.[1-9]))(?:\.\d)?)$/;

/** What every number is asked for when nobody says what of which column. */
const DEFAULT_FUNCTIONS = ["avg", "min", "max"] as const;

function isNumber({ type }: Column): boolean {
  return FUNCTIONS[type] === NUMBER_FUNCTIONS;
}

export function defaultFunctions(columns: readonly Column[]): ColumnFunction[] {
  return columns.filter(isNumber).flatMap((column) => DEFAULT_FUNCTIONS.map((name) => ({ column, label: name, name })));
}

/** Null when a column of its type cannot be asked for it. */
export function findFunction(column: Column, label: string): ColumnFunction | null {
  const name = FUNCTIONS[column.type].find((candidate) => candidate === label);
  if (name === "median") return { column, label, name: "percentile", fraction: 0.5 };
  if (name) return { column, label, name };
  const percent = isNumber(column) ? PERCENTILE.exec(label)?.[1] : undefined;
  return percent === undefined ? null : { column, label, name: "percentile", fraction: Number(percent) / 100 };
}

export function describeUnknownFunction({ name, type }: Column, label: string): string {
  const known: readonly string[] = FUNCTIONS[type];
  const percentiles = known === NUMBER_FUNCTIONS ? " and p0.1 to p99.9" : "";
  const guess = didYouMean(label, known);
  return `"${name}" is ${type}, which takes ${known.join(", ")}${percentiles}${guess}`;
}

/** Whether its result is a value of a column that may have any size. */
export function isSizable(each: ColumnFunction): boolean {
  return TYPE_RULES[resultType(each)].size === "any";
}

/** The type of its result, which may be null. */
export function resultType({ name, column: { type } }: ColumnFunction): ColumnType {
  switch (name) {
    case "count":
    case "distinct":
      return "int";
    case "avg":
    case "stddev":
    case "time_weighted_avg":
    case "share":
    case "percentile":
      return "float";
    default:
      return type;
  }
}

/** By the name of the column, and by that of the function. */
export function byColumn<Value>(
  functions: readonly ColumnFunction[],
  valueAt: (place: number) => Value,
): Record<string, Record<string, Value>> {
  const columns: Record<string, Record<string, Value>> = {};
  for (const [place, { column, label }] of functions.entries()) (columns[column.name] ??= {})[label] = valueAt(place);
  return columns;
}
