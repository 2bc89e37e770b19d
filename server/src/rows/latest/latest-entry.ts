/** In charge of what a list says of one channel and its newest row. */
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { Instant } from "../../formats/instant.ts";
import { ageSeconds } from "./age.ts";
import type { FleetRow } from "./fleet-row.ts";

type Clock = {
  readonly at: Instant;
  /** A row that is older is stale. */
  readonly staleBefore: Instant;
};

/** As JSON. @param columns names that were asked for; null is all. */
export function latestEntry(
  channel: Pick<StoredChannel, "definition" | "columns">,
  row: FleetRow | null,
  columns: ReadonlySet<string> | null,
  { at, staleBefore }: Clock,
): string {
  const isStale = !row || row.time.text < staleBefore.text;
  const members = [
    `"row":${row?.json ?? "null"}`,
    `"age_seconds":${row ? ageSeconds(row.time, at) : "null"}`,
    `"stale":${isStale}`,
    ...missingColumns(channel, columns),
  ];
  return `${channel.definition.slice(0, -1)},${members.join(",")}}`;
}

function missingColumns({ columns: available }: Pick<StoredChannel, "columns">, wanted: ReadonlySet<string> | null): string[] {
  if (!wanted) return [];
  const names = new Set(available.map(({ name }) => name));
  const missing = [...wanted].filter((name) => !names.has(name));
  return missing.length === 0 ? [] : [`"missing_columns":${JSON.stringify(missing)}`];
}
