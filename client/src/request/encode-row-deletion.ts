import { encodeRowQuery } from "./encode-row-query.ts";
import { entriesOf } from "./entries-of.ts";

/**
 * The query string of a deletion, in which nothing may be missing that was meant to narrow it.
 *
 * @throws TypeError when it names no rows, or has a field that is undefined or empty.
 */
export function encodeRowDeletion(deletion: object): string {
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
