/** In charge of channels and rows that are there before anything is measured. */
import { inParallel } from "../support/in-parallel.ts";
import { KEYS } from "../support/server.ts";
import type { Stage } from "./stage.ts";

/** Channels of two floats `a` and `b`; they share one table. Returns their ids in order of creation. */
export function createChannels(url: string, count: number): Promise<string[]> {
  const headers = { Authorization: `Bearer ${KEYS.admin}`, "Content-Type": "application/json" };
  const body = JSON.stringify({ channel_schema: { a: "float", b: "float" } });
  return inParallel(count, 8, async () => {
    const response = await fetch(`${url}/setup/v1/channels`, { method: "POST", headers, body });
    const location = response.headers.get("Location");
    if (response.status !== 201 || !location) throw new Error(`a channel could not be created: ${response.status}`);
    return location.split("/").at(-1) ?? "";
  });
}

/** The table of the channels that {@link createChannels} makes in a new database. */
export const TABLE = "series.s_1";

export const FILL_START = Date.parse("2024-01-01T00:00:00Z");

/**
 * Gives every channel so many rows at equal distances, in the order in which real ones come: by time, all channels in turn. Then tidies
 * up, so that no background job does it in the middle of a measurement.
 *
 * @param present how many of these rows the channels have already.
 */
export async function fillRows({ query }: Stage, rowsPerChannel: number, stepMs: number, present = 0): Promise<void> {
  const timeOf = (place: string) =>
    `timestamptz 'epoch' + (${FILL_START} + ${place}::bigint * ${stepMs}) * interval '1 millisecond'`;
  await query(`
    insert into ${TABLE} (_channel, time, float8_1, float8_2)
    select c.id, ${timeOf("g")}, 20 + (g % 997) / 100.0, 1000 + (g % 8009) / 1000.0
    from generate_series(${present}, ${rowsPerChannel - 1}) g, kronicle.channel c
  `);
  await query("delete from kronicle.channel_stats where slot = 0");
  await query(`
    insert into kronicle.channel_stats (channel, slot, row_count, first_time, last_time)
    select c.id, 0, ${rowsPerChannel}, ${timeOf("0")}, ${timeOf(String(rowsPerChannel - 1))}
    from kronicle.channel c
  `);
  await query("vacuum (analyze)");
  await query("checkpoint");
}

export async function countChunks({ query }: Stage): Promise<number> {
  const chunks = await query("select chunk_name from timescaledb_information.chunks");
  return chunks.length;
}
