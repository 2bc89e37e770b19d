/**
 * The grammar of row filters in a query string, for both sides: the client writes what the server reads. Each filter has two forms, and means
 * the same in both: a parameter with brackets, and a text, which is a value of the parameter `where`.
 *
 *     col[name]=value   min[name]=value   max[name]=value   any[name]=a,"b,c"      has[name]=value       null[name]=true
 *     name=value        name>=value       name<=value       name:any=a,"b,c"       name:has=value        name:null=true
 *
 * In a text, a name that holds one of `"=<>:!~` stands in double quotes. Names of columns hold none of them, but those in documents may.
 *
 * Names of columns hold no brackets. A dot is part of a name, or leads into a document: `col[author.name]=Ann`. Only who knows the columns can
 * tell, so `column` and `path` are parted here as if no name had a dot.
 */
import { csvLine, filterName } from "./request/filter-parameter.ts";

const FILTER_OPERATORS = ["col", "min", "max", "any", "has", "null"] as const;

/** What a filter does with a column. */
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** Between the name and the value of a text. None is the beginning of another. */
const SIGNS = { col: "=", min: ">=", max: "<=", any: ":any=", has: ":has=", null: ":null=" } as const satisfies Record<
  FilterOperator,
  string
>;

/** One filter, before anything is known of the columns: values are text. */
export type Condition =
  | { readonly operator: "col"; readonly column: string; readonly path: readonly string[]; readonly value: string }
  | { readonly operator: "any"; readonly column: string; readonly path: readonly string[]; readonly values: readonly string[] }
  | { readonly operator: "min" | "max" | "has"; readonly column: string; readonly value: string }
  | { readonly operator: "null"; readonly column: string; readonly isNull: boolean };

/** A parameter with brackets, or a text of `where`. */
export type FilterForm = "brackets" | "where";

/** A condition as it was asked for: what is wrong with it is said in the words of the one who asked. */
export type AskedCondition = Condition & { readonly form: FilterForm };

/** The operator as it is written in a form: `min`, or `>=`. */
export function spellOperator(form: FilterForm, operator: FilterOperator): string {
  return form === "brackets" ? operator : SIGNS[operator];
}

/** A column, and the path into its documents. */
export function placeOf(condition: Condition): string {
  return [condition.column, ...pathOf(condition)].join(".");
}

/** A filter without its value, for people: `min[temperature]`, or `temperature>=`. */
export function spellFilter(form: FilterForm, operator: FilterOperator, place: string): string {
  return form === "brackets" ? `${operator}[${place}]` : `${place}${SIGNS[operator]}`;
}

const FILTER_NAME = /^(col|min|max|any|has|null)\[(.*)\]$/s;

/** The name and the value of the query parameter, not yet percent-encoded. */
export function writeCondition(condition: Condition): [name: string, value: string] {
  return [filterName(condition.operator, condition.column, pathOf(condition)), writeValue(condition)];
}

/** Null when the parameter is no filter at all. A fault when it is one, and malformed. */
export function readCondition(name: string, value: string): Condition | { readonly fault: string } | null {
  const [, operatorText, place] = FILTER_NAME.exec(name) ?? [];
  const operator = FILTER_OPERATORS.find((candidate) => candidate === operatorText);
  return operator && place !== undefined ? readFilter(operator, place, value) : null;
}

/** The condition as a text, for the parameter `where`. */
export function writeWhere(condition: Condition): string {
  const place = placeOf(condition);
  const name = /["=<>:!~]/.test(place) ? `"${place.replaceAll('"', '""')}"` : place;
  return `${name}${SIGNS[condition.operator]}${writeValue(condition)}`;
}

const WHERE = /^(?:"((?:[^"]|"")*)"|([^"=<>:!~]*))(=|>=|<=|:(?:any|has|null)=)(.*)$/s;

/** What a text means. A fault when it means nothing. */
export function readWhere(text: string): Condition | { readonly fault: string } {
  const [, quoted, bare = "", sign, value = ""] = WHERE.exec(text) ?? [];
  const operator = FILTER_OPERATORS.find((candidate) => SIGNS[candidate] === sign);
  return operator
    ? readFilter(operator, quoted?.replaceAll('""', '"') ?? bare, value)
    : { fault: `expected a column, one of ${Object.values(SIGNS).join(" ")} and a value, such as temperature>=20` };
}

function pathOf(condition: Condition): readonly string[] {
  return "path" in condition ? condition.path : [];
}

function writeValue(condition: Condition): string {
  if (condition.operator === "null") return String(condition.isNull);
  if (condition.operator !== "any") return condition.value;
  if (condition.values.length === 0) throw new TypeError(`any of ${condition.column} needs a value: nothing is one of none`);
  return csvLine(condition.values);
}

function readFilter(operator: FilterOperator, place: string, value: string): Condition | { readonly fault: string } {
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
