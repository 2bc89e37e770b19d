/** The newest row of each of 1,000 channels in one answer, against a page of the same 1,000 channels without rows. */
import { KEYS } from "../../support/server.ts";
import { countChunks, createChannels, fillRows } from "../fill.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = 1_000;
const ROWS_PER_CHANNEL = 1_000;
/** They then reach over four chunks of 30 days. */
const STEP_MS = 8_600_000;
const REQUESTS = 100;

export const latest1000: Scenario = {
  name: "latest-1000",
  run: async (stage) => {
    const server = await stage.start();
    await createChannels(server.url, CHANNELS);
    await fillRows(stage, ROWS_PER_CHANNEL, STEP_MS);
    const requests = Math.round(REQUESTS * stage.size.share);

    const get = (path: string) => async () => {
      const work = { kind: "get", paths: [path] } as const;
      const { seconds } = await runLoad({ url: server.url, token: KEYS.reader, connections: 1, requests, work });
      return requests / seconds;
    };
    const figures = await measure(
      { channels: get(`/api/v1/channels?limit=${CHANNELS}`), latest: get(`/api/v1/latest?limit=${CHANNELS}`) },
      stage.size.rounds,
    );
    return [
      toResult({
        scenario: "latest-1000",
        label: "newest of 1,000 rows of each of 1,000 channels, 1 connection",
        unit: "pages/s",
        ours: figures.latest,
        limit: { label: "a page of the channels", figures: figures.channels },
        target: 0.33,
        notes: [`${await countChunks(stage)} chunks`],
      }),
    ];
  },
};
