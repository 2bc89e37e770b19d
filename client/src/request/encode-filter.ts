/** In charge of row filters on their way out. */
import { entriesOf, scalarText } from "./encode-values.ts";
import { csvLine, filterName } from "./filter-parameter.ts";

type Parameter = readonly [name: string, value: string];

/**
 * The parameters of a filter. No two of them have the same name.
 *
 * @throws TypeError naming the place of anything that would not become a condition.
 */
export function encodeFilter(where: unknown = {}): object {
  const parameters = entriesOf(where, "where").flatMap(([column, filter]) =>
    conditionsOn(column, [], filter, `where[${JSON.stringify(column)}]`),
  );
  return Object.fromEntries(parameters);
}

/** The conditions on a column, or on what a path into its documents leads to. */
function conditionsOn(column: string, path: readonly string[], filter: unknown, place: string): Parameter[] {
  if (typeof filter !== "object" || filter instanceof Date) return [[filterName("col", column, path), scalarText(filter, place)]];
  return someEntriesOf(filter, place).flatMap(([operator, value]): Parameter[] => {
    const inner = `${place}.${operator}`;
    if (operator === "in") return [[filterName("any", column, path), csvLine(scalarTexts(value, inner))]];
    // Within a document a value is compared, and nothing more.
    switch (path.length === 0 && operator) {
      case "min":
      case "max":
      case "has":
        return [[filterName(operator, column), scalarText(value, inner)]];
      case "isNull":
        if (typeof value !== "boolean") throw new TypeError(`${inner}: expected a boolean.`);
        return [[filterName("null", column), String(value)]];
      case "path":
        return someEntriesOf(value, inner).flatMap(([steps, wanted]) =>
          conditionsOn(column, steps.split("."), wanted, `${inner}[${JSON.stringify(steps)}]`),
        );
      default:
        throw new TypeError(`${inner}: there is no such condition.`);
    }
  });
}

/** An empty condition would select everything, and says that something went wrong before. */
function someEntriesOf(value: unknown, place: string): [string, unknown][] {
  const entries = entriesOf(value, place);
  if (entries.length === 0) throw new TypeError(`${place}: a condition is missing.`);
  return entries;
}

function scalarTexts(values: unknown, place: string): string[] {
  if (!Array.isArray(values) || values.length === 0) throw new TypeError(`${place}: expected a list of values.`);
  return Array.from(values, (value: unknown, index) => scalarText(value, `${place}[${index}]`));
}
