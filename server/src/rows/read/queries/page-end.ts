/** In charge of where a page ends: how many rows were found, and what the next page needs to go on. */
import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import { timeToGoOn } from "../../../columns/queries/time-sql.ts";
import { TYPE_SQL } from "../../../columns/queries/type-sql.ts";
import type { RowQuery } from "../row-query.ts";

const lastShown = z.object({ keys: z.array(z.string().nullable()), time: z.string(), row: z.string() });

export const pageEnd = z.object({
  /** One past the page among them. */
  found: z.coerce.number().int(),
  /** How many the page may have at most. */
  most: z.coerce.number().int(),
  /** The last row of a full page: what it is sorted by, its time and its number. */
  end: z
    .string()
    .nullable()
    .transform((json): unknown => (json === null ? null : JSON.parse(json)))
    .pipe(lastShown.nullable()),
});

export type PageEnd = z.infer<typeof pageEnd>;

/**
 * For numbered rows `p`.
 *
 * @param last is the number of the last row on the page, as each row says it, and `most` the same for all of them.
 */
export function endFields({ sort }: RowQuery, last: FragmentSqlToken, most: FragmentSqlToken): FragmentSqlToken {
  const keys = sort.map(({ column }, index) =>
    TYPE_SQL[column.type].cursorText(sql.fragment`p.${sql.identifier([`k${index}`])}`),
  );
  // One aggregate, as text: each costs time to plan, and the embedded driver reads the nulls of an array as texts.
  return sql.fragment`
    count(*) as found,
    ${most} as most,
    max(
      json_build_object(
        'keys', array[${sql.join(keys, sql.fragment`, `)}]::text[],
        'time', ${timeToGoOn(sql.fragment`p.time`)},
        'row', p._row::text
      )::text
    ) filter (where p.n = ${last}) as "end"
  `;
}
