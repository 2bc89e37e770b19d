/** In charge of the one selection behind every way to read rows. */
import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { FilterColumn } from "../../domain/row-filter.ts";
import type { RowQuery, RowSelection, SortKey } from "../../domain/row-query.ts";
import type { TimeWindow } from "../../domain/scan-windows.ts";
import { readTextValue } from "../../domain/text-value.ts";
import { VALUE_CHECKS, ValueFault } from "../../domain/value-check.ts";
import { boundPage, isSizable } from "./bound-page.ts";
import type { StoredChannel } from "./channel-definition.ts";
import { castValue, filterCondition } from "./filter-condition.ts";

/**
 * Where a page ended: the values it is sorted by, and the row number, all as text. A cursor comes from outside, so the values are checked
 * against their columns before they get here.
 */
export const rowPosition = z.object({ keys: z.array(z.string().nullable()), row: z.string().regex(/^\d{1,18}$/) });

export type RowPosition = z.infer<typeof rowPosition>;

/** What part of a selection to fetch. */
export type PageRange = {
  readonly window: TimeWindow;
  readonly after: RowPosition | null;
  readonly offset: number;
  readonly limit: number;
  /** A page of texts and documents ends where it would have more, after its first row at the earliest. */
  readonly mostBytes: number;
  /** Rows stored later than this one are not looked at; null looks at all. */
  readonly lastRow: string | null;
};

/**
 * The rows of a page and one more, numbered as `n`, with what they are sorted by as `k0`, `k1`, …
 *
 * Every time bound is a value of this very statement, so that the planner opens only the chunks that can have such rows: without
 * bounds it would lock every chunk of the table.
 */
export function rowPage(
  channel: StoredChannel,
  query: RowQuery,
  { window, after, offset, limit, mostBytes, lastRow }: PageRange,
): FragmentSqlToken {
  const fields = [
    sql.fragment`s.time`,
    sql.fragment`s._row`,
    ...(query.hasReceivedAt ? [sql.fragment`s.received_at`] : []),
    ...query.columns.map(({ slot }) => sql.fragment`s.${sql.identifier([slot])}`),
    ...sortFields(query),
  ];
  const conditions = [
    ...selectionConditions(channel, query, window),
    ...(after === null ? [] : [isAfter(query.sort, after)]),
    ...(lastRow === null ? [] : [sql.fragment`s._row <= ${lastRow}::bigint`]),
  ];
  const order = query.sort.map(sortOrder);
  const page = sql.fragment`
    select ${sql.join(fields, sql.fragment`, `)}
    from ${sql.identifier(["series", channel.table_name])} s
    where ${sql.join(conditions, sql.fragment` and `)}
    order by ${sql.join([...order, sql.fragment`s._row asc`], sql.fragment`, `)}
    limit ${limit + 1}::bigint
    offset ${offset}::bigint
  `;
  return isBounded(query)
    ? boundPage(page, { columns: query.columns, limit, mostBytes })
    : sql.fragment`select row_number() over () as n, page.* from (${page}) page`;
}

/** Rows of numbers cannot be large, and are not measured. */
function isBounded({ columns }: RowQuery): boolean {
  return columns.some(isSizable);
}

/** Whether the row `p` of `rowPage` is on the page, and not the one past it. */
export function isOnPage(query: RowQuery, { limit }: PageRange): FragmentSqlToken {
  return isBounded(query) ? sql.fragment`p.n <= p.most` : sql.fragment`p.n <= ${limit}::bigint`;
}

/** What the row `s` is sorted by, as `k0`, `k1`, … */
export function sortFields({ sort }: RowQuery): FragmentSqlToken[] {
  return sort.map((key, index) => sql.fragment`${sortValue(key)} as ${sql.identifier([`k${index}`])}`);
}

/** What every row of a selection fulfils. */
export function selectionConditions(
  channel: StoredChannel,
  selection: RowSelection,
  { low, high }: TimeWindow,
): FragmentSqlToken[] {
  return [
    sql.fragment`s._channel = ${channel.id}::integer`,
    sql.fragment`s.time >= ${low}::timestamptz`,
    sql.fragment`s.time <= ${high}::timestamptz`,
    ...(selection.to === null ? [] : [sql.fragment`s.time < ${selection.to.text}::timestamptz`]),
    ...selection.filters.map(filterCondition),
  ];
}

/** Without `nulls last` where there are no nulls: the planner would not see that the index has this order. */
function sortOrder(key: SortKey): FragmentSqlToken {
  const direction = key.isDescending ? sql.fragment`desc` : sql.fragment`asc`;
  return isNeverNull(key.column)
    ? sql.fragment`${sortValue(key)} ${direction}`
    : sql.fragment`${sortValue(key)} ${direction} nulls last`;
}

/** Text by code points: the same on every database, whatever its locale. */
function sortValue({ column }: SortKey): FragmentSqlToken {
  const slot = sql.fragment`s.${sql.identifier([column.slot])}`;
  return column.type === "str" ? sql.fragment`${slot} collate "C"` : slot;
}

/** Later in the order: a greater first key, or the same and a greater second, and so on; at last, a later arrival. */
function isAfter(sort: readonly SortKey[], { keys, row }: RowPosition): FragmentSqlToken {
  return sort.reduceRight<FragmentSqlToken>(
    (rest, key, index) => {
      const value = keys[index] ?? null;
      const slot = sortValue(key);
      if (value === null) return sql.fragment`(${slot} is null and ${rest})`;
      const cast = castValue(key.column, value);
      const beyond = key.isDescending ? sql.fragment`${slot} < ${cast}` : sql.fragment`${slot} > ${cast}`;
      const orNull = isNeverNull(key.column) ? sql.fragment`` : sql.fragment` or ${slot} is null`;
      return sql.fragment`(${beyond} or (${slot} = ${cast} and ${rest})${orNull})`;
    },
    sql.fragment`s._row > ${row}::bigint`,
  );
}

function isNeverNull({ slot }: FilterColumn): boolean {
  return slot === "time" || slot === "received_at";
}

/** How many rows were found, one past the page among them, how many the page may have at most, and where the last on the page stands. */
export const pageEnd = z.object({
  found: z.coerce.number().int(),
  most: z.coerce.number().int(),
  // As JSON: the embedded driver reads the nulls of an array as texts.
  end_keys: z
    .string()
    .transform((json): unknown => JSON.parse(json))
    .pipe(z.array(z.string().nullable())),
  end_time: z.string().nullable(),
  end_row: z.string().nullable(),
});

export type PageEnd = z.infer<typeof pageEnd>;

/** For the rows `p` of `rowPage`. */
export function pageEndFields(query: RowQuery, { limit }: PageRange): FragmentSqlToken {
  return isBounded(query)
    ? endFields(query, sql.fragment`p.most`, sql.fragment`max(p.most)`)
    : endFields(query, sql.fragment`${limit}::bigint`, sql.fragment`${limit}::bigint`);
}

/** @param last is the number of the last row on the page, as each row says it, and `most` the same for all of them. */
export function endFields({ sort }: RowQuery, last: FragmentSqlToken, most: FragmentSqlToken): FragmentSqlToken {
  const isLast = sql.fragment`filter (where p.n = ${last})`;
  const keys = sort.map(({ column }, index) => {
    const key = sql.fragment`p.${sql.identifier([`k${index}`])}`;
    const text = column.type === "datetime" ? sql.fragment`kronicle.rfc3339(${key})` : sql.fragment`${key}::text`;
    return sql.fragment`max(${text}) ${isLast}`;
  });
  return sql.fragment`
    count(*) as found,
    ${most} as most,
    to_json(array[${sql.join(keys, sql.fragment`, `)}]::text[])::text as end_keys,
    max(kronicle.rfc3339(p.time)) ${isLast} as end_time,
    (max(p._row) ${isLast})::text as end_row
  `;
}

/** One page of a selection, in whatever form. */
export type SelectPage<Page extends PageEnd> = (
  connection: CommonQueryMethods,
  channel: StoredChannel,
  query: RowQuery,
  range: PageRange,
) => Promise<Page>;

/** The position with its values as they are stored; null if they cannot be those of a row, for a cursor may have been tampered with. */
export function checkPosition(sort: readonly SortKey[], { keys, row }: RowPosition): RowPosition | null {
  if (keys.length !== sort.length) return null;
  const stored: (string | null)[] = [];
  for (const [index, { column }] of sort.entries()) {
    const key = keys[index] ?? null;
    const value = key === null ? null : VALUE_CHECKS[column.type](readTextValue(column.type, key));
    if (value instanceof ValueFault || (value === null && isNeverNull(column))) return null;
    stored.push(value === null ? null : String(value));
  }
  return { keys: stored, row };
}
