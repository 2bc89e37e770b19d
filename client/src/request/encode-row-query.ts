/** In charge of queries that select rows, to read or to delete them. */
import { encodeFilter } from "./encode-filter.ts";
import { entriesOf, nameList, scalarTexts } from "./encode-values.ts";

type Fields = {
  readonly where?: unknown;
  readonly columns?: unknown;
  readonly sort?: unknown;
  readonly skipReceived?: unknown;
};

/**
 * A field that is undefined counts as absent; one that the contract does not know goes along, for the server to refuse.
 *
 * @throws TypeError naming the place of a value of a wrong type.
 */
export function encodeRowQuery(query: object): object {
  const { where, columns, sort, skipReceived, ...same }: Fields = query;
  return {
    ...scalarTexts({
      ...same,
      columns: nameList(columns, "columns"),
      sort: nameList(sort, "sort"),
      skip_received: skipReceived,
    }),
    ...encodeFilter(where),
  };
}

/**
 * The query of a deletion, in which nothing may be missing that was meant to narrow it.
 *
 * @throws TypeError when it names no rows, or has a field that is undefined or empty.
 */
export function encodeRowDeletion(deletion: object): object {
  const entries = entriesOf(deletion, "deletion");
  for (const [name, value] of entries) {
    if (value === undefined) throw new TypeError(`${name}: undefined. Leave it out, or give all: true to delete every row.`);
    if (name === "where" && entriesOf(value, name).length === 0) throw new TypeError(`${name}: a condition is missing.`);
  }
  const { all, dryRun: dry_run, ...bounds } = Object.fromEntries(entries);
  const isAll = all === true;
  if ((all !== undefined && !isAll) || isAll === Object.keys(bounds).length > 0) {
    throw new TypeError("Say which rows to delete by from, to and where, or that it is every one by all: true.");
  }
  return encodeRowQuery({ ...bounds, dry_run, ...(isAll ? { all } : {}) });
}
