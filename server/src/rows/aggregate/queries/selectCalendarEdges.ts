import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { SQLSTATE, sqlState } from "../../../db/sql-state.ts";
import type { Instant } from "../../../formats/instant.ts";
import { badQuery } from "../../../problems/common.ts";
import { unknownZone } from "../aggregate-query.ts";

type CalendarSteps = {
  readonly tz: string;
  /** A time at which a step begins; null for midnight of a Monday, and the first of a month. */
  readonly origin: Instant | null;
  readonly step: { readonly months: number; readonly days: number };
  /** Counted from the origin on, both inclusive. */
  readonly first: number;
  readonly last: number;
};

/**
 * When steps of days or months begin in a time zone, in microseconds since 1970. They are taken by the clock on the wall: midnight stays
 * midnight when clocks are changed, and a step from the 31st ends on the last day of a shorter month.
 *
 * @throws ProblemError query_invalid when the database does not know the time zone
 */
export async function selectCalendarEdges(
  connection: CommonQueryMethods,
  { tz, origin, step, first, last }: CalendarSteps,
): Promise<bigint[]> {
  const start = origin
    ? sql.fragment`${origin.text}::timestamptz at time zone ${tz}::text`
    : sql.fragment`${step.months > 0 ? "2000-01-01" : "2000-01-03"}::timestamp`;
  try {
    const edges = await connection.oneFirst(sql.type(z.object({ edges: z.string() }))`
      select
        string_agg(
          (extract(epoch from (o.start + make_interval(months => ${step.months}::integer * n, days => ${step.days}::integer * n)) at time zone ${tz}::text) * 1000000)::bigint::text,
          ',' order by n
        ) as edges
      from (select ${start} as start) o, generate_series(${first}::integer, ${last}::integer) n
    `);
    return edges.split(",").map(BigInt);
  } catch (error) {
    if (sqlState(error) === SQLSTATE.invalidParameter) throw badQuery([unknownZone(tz)]);
    throw error;
  }
}
