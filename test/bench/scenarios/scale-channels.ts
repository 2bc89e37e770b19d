/** Appends and reads with 1, 100 and 10,000 channels, which share a table and a million rows. */
import { createChannels, fillRows, TABLE } from "../fill.ts";
import type { Result } from "../result.ts";
import { createScaling } from "../scaling.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = [1, 100, 10_000];
const ROWS_STORED = 1_000_000;
const STEP_MS = 60_000;

export const scaleChannels: Scenario = {
  name: "scale-channels",
  isOnRequest: true,
  run: async (stage) => {
    const server = await stage.start();
    const scaling = createScaling("scale-channels", stage, server.url);
    const results: Result[] = [];
    const ids: string[] = [];
    for (const channels of CHANNELS) {
      ids.push(...(await createChannels(server.url, channels - ids.length)));
      await stage.query(`truncate ${TABLE}`);
      await fillRows(stage, ROWS_STORED / channels, STEP_MS);
      results.push(...(await scaling.measureAt(`${channels.toLocaleString("en")} channels`, ids)));
    }
    return results;
  },
};
