/** In charge of the one selection behind every way to read rows. */
import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { FilterColumn } from "../row-filter.ts";
import type { RowQuery, RowSelection, SortKey } from "../row-query.ts";
import type { TimeWindow } from "../scan-windows.ts";
import { TYPE_RULES } from "../../../columns/column-type.ts";
import { plainName, plainTime, timeLiteral } from "../../../columns/queries/time-sql.ts";
import { TYPE_SQL } from "../../../columns/queries/type-sql.ts";
import { ValueFault } from "../../../columns/value-check.ts";
import { boundPage, isSizable } from "./bound-page.ts";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { castValue, filterCondition } from "./filter-condition.ts";
import { endFields, type PageEnd } from "./page-end.ts";
import type { ShownFields } from "./row-json.ts";

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
  readonly maxBytes: number;
  /** Rows stored later than this one are not looked at; null looks at all. */
  readonly lastRow: string | null;
};

/**
 * The rows of a page and one more, numbered as `n`, with what they are sorted by as `k0`, `k1`, …, and each time as PostgreSQL writes it
 * beside it: the name of its slot and `_text`.
 *
 * Every time bound is a literal of this very statement, so that the planner opens only the chunks that can have such rows: without
 * bounds it would lock every chunk of the table.
 */
export function rowPage(
  channel: StoredChannel,
  query: RowQuery,
  { window, after, offset, limit, maxBytes, lastRow }: PageRange,
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
    limit ${number(limit + 1)}
    offset ${number(offset)}
  `;
  const times = plainTimes(query);
  return isBounded(query)
    ? boundPage(page, { columns: query.columns, limit, maxBytes, times })
    : sql.fragment`select row_number() over () as n, q.*, ${times} from (${page}) q`;
}

function number(value: number): FragmentSqlToken {
  return sql.fragment`${sql.literalValue(String(value))}`;
}

/** Of the rows `q`. They stand beside a window function, or PostgreSQL would write each out as often as it is looked at. */
export function plainTimes({ columns, hasReceivedAt }: ShownFields): FragmentSqlToken {
  const slots = [
    "time",
    ...columns.flatMap(({ type, slot }) => (TYPE_SQL[type].isTime ? [slot] : [])),
    ...(hasReceivedAt ? ["received_at"] : []),
  ];
  const times = slots.map((slot) => sql.fragment`${plainTime(sql.fragment`q.${sql.identifier([slot])}`)} as ${plainName(slot)}`);
  return sql.fragment`${sql.join(times, sql.fragment`, `)}`;
}

/** Rows of numbers cannot be large, and are not measured. */
function isBounded({ columns }: RowQuery): boolean {
  return columns.some(isSizable);
}

/** Whether the row `p` of `rowPage` is on the page, and not the one past it. */
export function isOnPage(query: RowQuery, { limit }: PageRange): FragmentSqlToken {
  return isBounded(query) ? sql.fragment`p.n <= p.most` : sql.fragment`p.n <= ${number(limit)}`;
}

/** What the row `s` is sorted by, as `k0`, `k1`, … */
export function sortFields({ sort }: RowQuery): FragmentSqlToken[] {
  return sort.map((key, index) => sql.fragment`${sortValue(key)} as ${sql.identifier([`k${index}`])}`);
}

/**
 * What every row of a selection fulfils. Literals, not values, where a plan depends on them: a statement that is prepared may be planned
 * without its values, and would look at every chunk, in the way that suits a channel of middling size.
 */
export function selectionConditions(channel: StoredChannel, selection: RowSelection, window: TimeWindow): FragmentSqlToken[] {
  return [
    sql.fragment`s._channel = ${number(channel.id)}`,
    sql.fragment`s.time >= ${timeLiteral(window.low)}`,
    sql.fragment`s.time <= ${timeLiteral(window.high)}`,
    ...(selection.to === null ? [] : [sql.fragment`s.time < ${timeLiteral(selection.to.text)}`]),
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

function sortValue({ column }: SortKey): FragmentSqlToken {
  return TYPE_SQL[column.type].sortValue(sql.fragment`s.${sql.identifier([column.slot])}`);
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

/** For the rows `p` of `rowPage`. */
export function pageEndFields(query: RowQuery, { limit }: PageRange): FragmentSqlToken {
  return isBounded(query)
    ? endFields(query, sql.fragment`p.most`, sql.fragment`max(p.most)`)
    : endFields(query, number(limit), number(limit));
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
    const { check, fromText } = TYPE_RULES[column.type];
    const value = key === null ? null : check(fromText(key));
    if (value instanceof ValueFault || (value === null && isNeverNull(column))) return null;
    stored.push(value === null ? null : String(value));
  }
  return { keys: stored, row };
}
