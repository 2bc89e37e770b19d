/** In charge of pages of rows that may have any size: they end early, so that no page is too large to be built, sent and read in one piece. */
import { type FragmentSqlToken, sql } from "slonik";
import type { Column } from "../../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../../columns/column-type.ts";

/** Whether rows of a channel with this column may have any size. */
export function isSizable({ type }: Column): boolean {
  return TYPE_RULES[type].size === "any";
}

type Bounds = {
  readonly columns: readonly Column[];
  readonly limit: number;
  readonly maxBytes: number;
  /** Further fields of the rows `q`. */
  readonly times: FragmentSqlToken;
};

/**
 * The rows of a page in their order, numbered as `n`, as far as they have no more than so many bytes together, and one more. The first is
 * on the page whatever its size. `most` says in each row how many are on the page.
 *
 * Texts are measured without being fetched. PostgreSQL keeps documents in a form that says nothing about their length: they are written out.
 * It stops as soon as a count that can only grow is too high, so no more is measured than is on the page, and a row or two.
 */
export function boundPage(page: FragmentSqlToken, { columns, limit, maxBytes, times }: Bounds): FragmentSqlToken {
  const sizes = columns.filter(isSizable).map(sizeOf);
  return sql.fragment`
    select q.*, ${times}, least(count(*) filter (where q.beyond = 0) over (), ${limit}::bigint) as most
    from (
      select q.*, count(case when q.n > 1 and q.bytes > ${maxBytes}::bigint then 1 end) over (rows unbounded preceding) as beyond
      from (
        select
          row_number() over (rows unbounded preceding) as n,
          sum(${total(sizes)}) over (rows unbounded preceding) as bytes,
          q.*
        from (${page}) q
      ) q
    ) q
    where q.beyond < 2
  `;
}

/** As floating point: sums of integers would be slower than the reading. */
function sizeOf({ slot }: Column): FragmentSqlToken {
  return sql.fragment`coalesce(octet_length(q.${sql.identifier([slot])}::text), 0)::double precision`;
}

/** Of floating-point numbers. Halves of halves: 256 terms in a chain would be nested as deep, for which the embedded database has too small a stack. */
export function total(sizes: readonly FragmentSqlToken[]): FragmentSqlToken {
  const [only, ...others] = sizes;
  if (!only) return sql.fragment`0`;
  if (others.length === 0) return only;
  const half = Math.ceil(sizes.length / 2);
  return sql.fragment`(${total(sizes.slice(0, half))} + ${total(sizes.slice(half))})`;
}
