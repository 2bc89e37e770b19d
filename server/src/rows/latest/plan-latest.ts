/** In charge of what a reader of the latest row asks for: checked against the channel. */
import type { AskedCondition } from "@kronicle/client/filter-grammar";
import type { Column } from "../../columns/channel-schema.ts";
import { type Duration, DURATION, parseDuration } from "../../formats/duration.ts";
import type { Instant } from "../../formats/instant.ts";
import { badQuery } from "../../problems/common.ts";
import type { FaultList } from "../../problems/fault.ts";
import { planRowQuery, readTime, type RowQuery } from "../read/row-query.ts";

type Parameters = {
  readonly columns?: string | undefined;
  readonly per_column?: boolean | undefined;
  readonly lookback?: string | undefined;
  readonly as_of?: string | undefined;
};

export type LatestQuery = {
  readonly query: RowQuery;
  /** Inclusive; null is no bound. */
  readonly asOf: Instant | null;
  /** How far to look for the value of each column; null when only the row is asked for. */
  readonly lookback: Duration | null;
};

const DEFAULT_LOOKBACK: Duration = { months: 0, days: 7, micros: 0n };

/**
 * @param now in milliseconds since 1970.
 * @throws ProblemError query_invalid
 */
export function planLatest(
  available: readonly Column[],
  { columns, per_column: isPerColumn = false, lookback: lookbackText, as_of: asOfText }: Parameters,
  conditions: readonly AskedCondition[],
  now: number,
): LatestQuery {
  const { query, faults } = planRowQuery(available, { columns }, conditions, { now });
  const asOf = readTime("as_of", asOfText, { now }, faults);
  const lookback = readDuration("lookback", lookbackText, DEFAULT_LOOKBACK, faults);
  if (lookbackText !== undefined && !isPerColumn) {
    faults.add(() => ({ parameter: "lookback", code: "not_without_per_column", detail: "it goes with per_column=true only" }));
  }
  if (faults.count > 0) throw badQuery(faults.found, faults.count);
  return { query, asOf, lookback: isPerColumn ? lookback : null };
}

/** The default also in place of what is none: the fault is in the list. */
export function readDuration(parameter: string, text: string | undefined, byDefault: Duration, faults: FaultList): Duration {
  if (text === undefined) return byDefault;
  const duration = parseDuration(text);
  if (!duration) faults.add(() => ({ parameter, code: "not_a_duration", detail: `expected ${DURATION}` }));
  return duration ?? byDefault;
}
