/** In charge of where a page ends: how many rows were found, and what the next page needs to go on. */
import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { RowQuery } from "../row-query.ts";
import { plainTime } from "./time-text.ts";

const lastRow = z.object({ keys: z.array(z.string().nullable()), time: z.string(), row: z.string() });

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
    .pipe(lastRow.nullable()),
});

export type PageEnd = z.infer<typeof pageEnd>;

/**
 * For numbered rows `p`.
 *
 * @param last is the number of the last row on the page, as each row says it, and `most` the same for all of them.
 */
export function endFields({ sort }: RowQuery, last: FragmentSqlToken, most: FragmentSqlToken): FragmentSqlToken {
  const keys = sort.map(({ column }, index) => {
    const key = sql.fragment`p.${sql.identifier([`k${index}`])}`;
    return column.type === "datetime" ? timeToGoOn(key) : sql.fragment`${key}::text`;
  });
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

/** RFC 3339, with as many digits as it takes. */
function timeToGoOn(time: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`replace(${plainTime(time)}, ' ', 'T') || 'Z'`;
}
