/** In charge of what a reader asks of many channels at once, whose columns are not known yet. */
import { checkName } from "../../columns/channel-schema.ts";
import type { Duration } from "../../formats/duration.ts";
import { badQuery } from "../../problems/common.ts";
import { FaultList } from "../../problems/fault.ts";
import { readDuration } from "./plan-latest.ts";

type Parameters = { readonly columns?: string | undefined; readonly max_age?: string | undefined };

export type FleetQuery = {
  /** Names of columns besides `time`; null is all that a channel has. */
  readonly columns: ReadonlySet<string> | null;
  readonly maxAge: Duration;
};

const DEFAULT_MAX_AGE: Duration = { months: 0, days: 0, micros: 300_000_000n };

/** @throws ProblemError query_invalid */
export function planFleet({ columns, max_age: maxAge }: Parameters): FleetQuery {
  const faults = new FaultList();
  const query: FleetQuery = {
    columns: columns === undefined ? null : readNames(columns, faults),
    maxAge: readDuration("max_age", maxAge, DEFAULT_MAX_AGE, faults),
  };
  if (faults.count > 0) throw badQuery(faults.found, faults.count);
  return query;
}

function readNames(list: string, faults: FaultList): ReadonlySet<string> {
  const names = new Set(list.split(","));
  names.delete("time");
  for (const name of names) {
    const fault = checkName(name, new Map());
    if (fault) faults.add(() => ({ parameter: "columns", ...fault }));
  }
  return names;
}
