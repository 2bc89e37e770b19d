/** In charge of filters on rows: conditions from the query string, checked against the columns of the channel. */
import { type AskedCondition, placeOf, spellFilter, spellOperator } from "@kronicle/client/filter-grammar";
import type { Column } from "../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import { didYouMean } from "../../formats/did-you-mean.ts";
import type { Fault, FaultList } from "../../problems/fault.ts";
import { asDocuments } from "../../formats/query-text.ts";
import { checkStorable, type StoredValue, ValueFault } from "../../columns/value-check.ts";

/** A column that rows can be told apart by: one of the channel, or `time`. */
export type FilterColumn = Pick<Column, "name" | "type" | "slot">;

export type RowFilter =
  | { readonly kind: "in"; readonly column: FilterColumn; readonly values: readonly StoredValue[] }
  | { readonly kind: "at-least" | "at-most"; readonly column: FilterColumn; readonly value: StoredValue }
  /** The value at a path of a document is one of these JSON texts. */
  | {
      readonly kind: "path-in";
      readonly column: FilterColumn;
      readonly path: readonly string[];
      readonly documents: readonly string[];
    }
  /** A list holds one of these JSON texts. */
  | { readonly kind: "contains"; readonly column: FilterColumn; readonly documents: readonly string[] }
  | { readonly kind: "null"; readonly column: FilterColumn; readonly isNull: boolean }
  /** The row is one of these, by its time and its number. */
  | { readonly kind: "place-in"; readonly column: FilterColumn; readonly places: readonly RowPlace[] };

/** A row by what never changes of it. */
export type RowPlace = { readonly time: string; readonly row: string };

export const TIME_COLUMN: FilterColumn = { name: "time", type: "datetime", slot: "time" };

export function planFilters(columns: readonly Column[], conditions: readonly AskedCondition[], faults: FaultList): RowFilter[] {
  const byName = new Map<string, FilterColumn>([TIME_COLUMN, ...columns].map((column) => [column.name, column]));
  return conditions.flatMap((condition) => {
    const place = placeOf(condition);
    const spelled = () => spellFilter(condition.form, condition.operator, place);
    const isText = condition.form === "where";
    const located = locate(place, byName);
    if (!located) {
      faults.add((mayGuess) => {
        const known = mayGuess ? [...byName.keys()] : [];
        const isNearWhole = didYouMean(place, known) !== "";
        return unknownColumn(isText ? "where" : spelled(), isNearWhole ? place : condition.column, known);
      });
      return [];
    }
    const planned = planFilter(located, condition);
    if (!(planned instanceof ValueFault)) return planned;
    const { code, detail } = planned;
    // Of several texts, the detail has to say which one it is about.
    faults.add(() =>
      isText ? { parameter: "where", code, detail: `${spelled()}: ${detail}` } : { parameter: spelled(), code, detail },
    );
    return [];
  });
}

type Located = { readonly column: FilterColumn; readonly path: readonly string[] };

/** Names may have dots, and a dot leads into a document: the longest name that fits is the column, and what is behind it the path. */
function locate(place: string, byName: ReadonlyMap<string, FilterColumn>): Located | null {
  const whole = byName.get(place);
  if (whole) return { column: whole, path: [] };
  let column: FilterColumn | null = null;
  for (const candidate of byName.values()) {
    if (place.startsWith(`${candidate.name}.`) && candidate.name.length > (column?.name.length ?? 0)) column = candidate;
  }
  return column && { column, path: place.slice(column.name.length + 1).split(".") };
}

/** @param known names to guess from what was meant. */
export function unknownColumn(parameter: string, name: string, known: Iterable<string>): Fault {
  return { parameter, code: "unknown_column", detail: `the channel has no column "${name}"${didYouMean(name, known)}` };
}

function planFilter({ column, path }: Located, condition: AskedCondition): RowFilter | ValueFault {
  const texts = [...path, ...("values" in condition ? condition.values : []), ...("value" in condition ? [condition.value] : [])];
  const unstorable = checkStorable(texts);
  if (unstorable) return unstorable;
  const { comparedBy, isRanged } = TYPE_RULES[column.type];
  const { form } = condition;
  const wrongType = (detail: string) => new ValueFault("wrong_type", `${spellOperator(form, condition.operator)} ${detail}`);
  if (path.length > 0 && !("path" in condition)) return wrongType("does not take a path");
  switch (condition.operator) {
    case "null":
      if (column === TIME_COLUMN) return wrongType("time always has a value");
      return { kind: "null", column, isNull: condition.isNull };
    case "min":
    case "max": {
      if (!isRanged) return wrongType(`needs a number or a datetime; ${column.name} is ${column.type}`);
      const value = readValue(column, condition.value);
      return value instanceof ValueFault ? value : { kind: condition.operator === "min" ? "at-least" : "at-most", column, value };
    }
    case "has":
      if (comparedBy !== "item") return wrongType(`needs a list; ${column.name} is ${column.type}`);
      return { kind: "contains", column, documents: asDocuments(condition.value) };
    default: {
      const values = condition.operator === "any" ? condition.values : [condition.value];
      if (path.length > 0) {
        if (comparedBy !== "path") return wrongType(`takes a path in a dict only; ${column.name} is ${column.type}`);
        return { kind: "path-in", column, path, documents: values.flatMap(asDocuments) };
      }
      if (comparedBy !== "value") {
        const instead =
          comparedBy === "path"
            ? spellFilter(form, condition.operator, `${column.name}.key`)
            : spellFilter(form, "has", column.name);
        return wrongType(`compares no whole documents; use ${instead}`);
      }
      const stored: StoredValue[] = [];
      for (const text of values) {
        const value = readValue(column, text);
        if (value instanceof ValueFault) return value;
        stored.push(value);
      }
      return { kind: "in", column, values: stored };
    }
  }
}

function readValue({ type }: FilterColumn, text: string): StoredValue | ValueFault {
  const { check, fromText } = TYPE_RULES[type];
  return check(fromText(text));
}
