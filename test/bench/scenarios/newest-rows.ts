/** The newest 100 rows of one channel among 1,000 with 10,000 rows each, against the health check, which needs no database. */
import { KEYS } from "../../support/server.ts";
import { countChunks, createChannels, fillRows } from "../fill.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = 1_000;
const ROWS_PER_CHANNEL = 10_000;
/** 10,000 rows then reach over four chunks of 30 days. */
const STEP_MS = 860_000;
const CONNECTIONS = 8;
const REQUESTS = 8_000;

export const newestRows: Scenario = {
  name: "newest-rows",
  run: async (stage) => {
    const server = await stage.start();
    const ids = await createChannels(server.url, CHANNELS);
    await fillRows(stage, ROWS_PER_CHANNEL, STEP_MS);
    const requests = Math.round(REQUESTS * stage.size.share);

    const get = (paths: string[]) => async () => {
      const work = { kind: "get", paths } as const;
      const { seconds } = await runLoad({ url: server.url, token: KEYS.reader, connections: CONNECTIONS, requests, work });
      return requests / seconds;
    };
    const figures = await measure(
      { health: get(["/health/live"]), newest: get(ids.map((id) => `/api/v1/channels/${id}/rows?limit=100`)) },
      stage.size.rounds,
    );
    return [
      toResult({
        scenario: "newest-rows",
        label: "newest 100 of 10,000 rows in one of 1,000 channels, 8 connections",
        unit: "req/s",
        ours: figures.newest,
        limit: { label: "health check", figures: figures.health },
        target: 0.4,
        notes: [`${await countChunks(stage)} chunks`],
      }),
    ];
  },
};
