/** In charge of the newest row of each of many channels, by one statement for each series table that they are in. */
import type { CommonQueryMethods } from "slonik";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { wholeChunks } from "../read/page-windows.ts";
import { MAX_PAGE_BYTES } from "../read/read-page.ts";
import type { TimeWindow } from "../read/scan-windows.ts";
import { type FleetRow, readFleetRow, shownColumns, slotsOf } from "./fleet-row.ts";
import { type Probe, selectNewestRows } from "./queries/selectNewestRows.ts";

type Channel = Pick<StoredChannel, "id" | "table_name" | "columns" | "last_time" | "chunk_days">;

type NewestRows = {
  /** By the internal id of the channel. */
  readonly rows: ReadonlyMap<number, FleetRow>;
  /** How many of the channels fit on a page with their rows: the first of them always does. */
  readonly held: number;
};

/**
 * @param channels with the times of their newest rows, as they are at the moment that the connection sees.
 * @param wanted names of the columns to return; null is all.
 */
export async function findNewestRows(
  connection: CommonQueryMethods,
  channels: readonly Channel[],
  wanted: ReadonlySet<string> | null,
): Promise<NewestRows> {
  const rows = new Map<number, FleetRow>();
  let held = channels.length;
  for (const [tableName, all] of Map.groupBy(channels, ({ table_name }) => table_name)) {
    const onPage = new Set(channels.slice(0, held));
    const members = all.filter((channel) => onPage.has(channel));
    const columnsOf = new Map(members.map((channel) => [channel.id, shownColumns(channel, wanted)]));
    const slots = slotsOf([...columnsOf.values()].flat());
    for (const row of await selectNewestRows(connection, tableName, slots, probesOf(members), MAX_PAGE_BYTES)) {
      // The first that there is no room for.
      if (row.values === null) held = channels.findIndex(({ id }) => id === row.channel);
      else rows.set(row.channel, readFleetRow(row.values, slots, columnsOf.get(row.channel) ?? []));
    }
    held = countFitting(channels.slice(0, held), rows);
  }
  return { rows, held };
}

/** Channels of one chunk share a window: only chunks that hold a newest row are planned, and each of them once. */
function probesOf(channels: readonly Channel[]): Probe[] {
  const probes = new Map<string, { window: TimeWindow; channels: number[] }>();
  for (const { id, last_time: time, chunk_days: chunkDays } of channels) {
    if (time === null) continue;
    const window = wholeChunks({ low: time, high: time }, chunkDays);
    const probe = probes.get(window.low);
    if (probe) probe.channels.push(id);
    else probes.set(window.low, { window, channels: [id] });
  }
  return [...probes.values()];
}

/** How many of the first channels have rows that fit on a page, as far as they are known. */
function countFitting(channels: readonly Channel[], rows: ReadonlyMap<number, FleetRow>): number {
  let bytes = 0;
  for (const [index, { id }] of channels.entries()) {
    bytes += Buffer.byteLength(rows.get(id)?.json ?? "");
    if (bytes > MAX_PAGE_BYTES) return Math.max(index, 1);
  }
  return channels.length;
}
