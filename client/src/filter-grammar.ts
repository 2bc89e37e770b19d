/**
 * The grammar of row filters in a query string, for both sides: the client writes what the server reads.
 *
 *     col[name]=value   min[name]=value   max[name]=value   any[name]=a,"b,c"   has[name]=value   null[name]=true
 *
 * Names of columns hold no brackets. A dot is part of a name, or leads into a document: `col[author.name]=Ann`. Only who knows the columns can
 * tell, so `column` and `path` are parted here as if no name had a dot.
 */
import { csvLine, filterName } from "./request/filter-parameter.ts";

const FILTER_OPERATORS = ["col", "min", "max", "any", "has", "null"] as const;

/** One filter, before anything is known of the columns: values are text. */
export type Condition =
  | { readonly operator: "col"; readonly column: string; readonly path: readonly string[]; readonly value: string }
  | { readonly operator: "any"; readonly column: string; readonly path: readonly string[]; readonly values: readonly string[] }
  | { readonly operator: "min" | "max" | "has"; readonly column: string; readonly value: string }
  | { readonly operator: "null"; readonly column: string; readonly isNull: boolean };

const FILTER_NAME = /^(col|min|max|any|has|null)\[(.*)\]$/s;

/** The name and the value of the query parameter, not yet percent-encoded. */
export function writeCondition(condition: Condition): [name: string, value: string] {
  const name = filterName(condition.operator, condition.column, "path" in condition ? condition.path : []);
  if (condition.operator === "null") return [name, String(condition.isNull)];
  if (condition.operator !== "any") return [name, condition.value];
  if (condition.values.length === 0) throw new TypeError(`${name} needs a value: nothing is one of none`);
  return [name, csvLine(condition.values)];
}

/** Null when the parameter is no filter at all. A fault when it is one, and malformed. */
export function readCondition(name: string, value: string): Condition | { readonly fault: string } | null {
  const [, operatorText, place] = FILTER_NAME.exec(name) ?? [];
  const operator = FILTER_OPERATORS.find((candidate) => candidate === operatorText);
  if (!operator || place === undefined) return null;

  switch (operator) {
    case "col": {
      const [column = "", ...path] = place.split(".");
      return { operator, column, path, value };
    }
    case "any": {
      const [column = "", ...path] = place.split(".");
      const values = splitCsv(value);
      return values
        ? { operator, column, path, values }
        : { fault: 'the list is not a line of CSV: write "a,b",c for the values a,b and c' };
    }
    case "null":
      if (value !== "true" && value !== "false") return { fault: "expected true or false" };
      return { operator, column: place, isNull: value === "true" };
    default:
      return { operator, column: place, value };
  }
}

/** The fields of one line of CSV (RFC 4180); null if it is not one. */
function splitCsv(line: string): string[] | null {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy;
  for (let ended = false; !ended;) {
    const match = field.exec(line);
    if (!match) return null;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    ended = match[3] === "";
  }
  return fields;
}
