/** In charge of row filters on their way out: what a caller wrote, as conditions of the grammar. */
import { type Condition, writeCondition } from "../filter-grammar.ts";
import { entriesOf, scalarText } from "./encode-values.ts";
import type { Parameter } from "./write-query.ts";

/** @throws TypeError naming the place of anything that would not become a condition. */
export function filterParameters(where: unknown = {}): Parameter[] {
  return entriesOf(where, "where").flatMap(([column, filter]) => {
    const place = `where[${JSON.stringify(column)}]`;
    return columnConditions(column, filter, place).map((condition) => writeCondition(condition));
  });
}

function columnConditions(column: string, filter: unknown, place: string): Condition[] {
  if (isScalar(filter)) return [{ operator: "col", column, path: [], value: scalarText(filter, place) }];
  return someEntriesOf(filter, place).flatMap(([operator, value]): Condition[] => {
    const inner = `${place}.${operator}`;
    switch (operator) {
      case "min":
      case "max":
      case "has":
        return [{ operator, column, value: scalarText(value, inner) }];
      case "in":
        return [{ operator: "any", column, path: [], values: scalarTexts(value, inner) }];
      case "isNull":
        if (typeof value !== "boolean") throw new TypeError(`${inner}: expected true or false.`);
        return [{ operator: "null", column, isNull: value }];
      case "path":
        return someEntriesOf(value, inner).flatMap(([path, wanted]) => pathConditions(column, path, wanted, inner));
      default:
        throw new TypeError(`${inner}: there is no such condition.`);
    }
  });
}

function pathConditions(column: string, pathText: string, filter: unknown, place: string): Condition[] {
  const path = pathText.split(".");
  const inner = `${place}[${JSON.stringify(pathText)}]`;
  if (isScalar(filter)) return [{ operator: "col", column, path, value: scalarText(filter, inner) }];
  return someEntriesOf(filter, inner).map(([operator, value]) => {
    if (operator !== "in") throw new TypeError(`${inner}.${operator}: there is no such condition inside a document.`);
    return { operator: "any", column, path, values: scalarTexts(value, `${inner}.in`) };
  });
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value instanceof Date;
}

/** An empty condition would select everything, and says that something went wrong before. */
function someEntriesOf(value: unknown, place: string): [string, unknown][] {
  const entries = entriesOf(value, place);
  if (entries.length === 0) throw new TypeError(`${place}: a condition is missing.`);
  return entries;
}

function scalarTexts(values: unknown, place: string): string[] {
  if (!Array.isArray(values) || values.length === 0) throw new TypeError(`${place}: expected a list of at least one value.`);
  return Array.from(values, (value: unknown, index) => scalarText(value, `${place}[${index}]`));
}
