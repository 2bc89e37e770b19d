import type { DatabasePool } from "slonik";
import type { StoredChannel } from "../db/queries/channel-definition.ts";
import { ensureSeriesTable } from "../db/queries/ensureSeriesTable.ts";
import { insertChannel, type NewChannel } from "../db/queries/insertChannel.ts";
import { selectChannelById } from "../db/queries/selectChannelById.ts";
import { countSlots } from "../domain/channel-schema.ts";
import { CHUNK_DAYS } from "../domain/density.ts";

/** Null when a channel has this id or name already. */
export async function createStored(pool: DatabasePool, planned: NewChannel): Promise<StoredChannel | null> {
  const seriesTable = await ensureSeriesTable(pool, countSlots(planned.columns), CHUNK_DAYS[planned.density]);
  const id = await insertChannel(pool, planned, seriesTable);
  return id === null ? null : selectChannelById(pool, id);
}
