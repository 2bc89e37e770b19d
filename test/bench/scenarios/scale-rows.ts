/** Appends and reads with 1, 10 and 100 million rows stored, in the same 100 channels. */
import { createChannels, fillRows } from "../fill.ts";
import type { Result } from "../result.ts";
import { createScaling } from "../scaling.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = 100;
const ROWS_STORED = [1_000_000, 10_000_000, 100_000_000];
/** 100 million rows then reach over two years, in 24 chunks. */
const STEP_MS = 60_000;

export const scaleRows: Scenario = {
  name: "scale-rows",
  isOnRequest: true,
  run: async (stage) => {
    const server = await stage.start();
    const ids = await createChannels(server.url, CHANNELS);
    const scaling = createScaling("scale-rows", stage, server.url);
    const results: Result[] = [];
    let present = 0;
    for (const stored of ROWS_STORED.map((rows) => Math.round(rows * stage.size.share))) {
      await fillRows(stage, stored / CHANNELS, STEP_MS, present);
      present = stored / CHANNELS;
      results.push(...(await scaling.measureAt(`${stored.toLocaleString("en")} rows`, ids)));
    }
    return results;
  },
};
