/** Creating channels of one layout, against as many plain INSERTs into a table of the same shape through the same kind of pool. */
import { randomUUID } from "node:crypto";
import { sql } from "slonik";
import { z } from "zod";
import { createRolePool } from "../../../server/src/db/pool/create-role-pool.ts";
import { inParallel } from "../../support/in-parallel.ts";
import { KEYS } from "../../support/server.ts";
import { createChannels } from "../fill.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = 10_000;
const CONNECTIONS = 8;

export const createChannelsScenario: Scenario = {
  name: "create-channels",
  run: async (stage) => {
    const server = await stage.start();
    await createChannels(server.url, 1);
    await stage.query("create table kronicle.plain (like kronicle.channel including all)");
    const pool = await createRolePool(stage.databaseUrl, { size: CONNECTIONS, statementTimeoutMs: 30_000 });
    const channels = Math.round(CHANNELS * stage.size.share);
    try {
      const figures = await measure(
        {
          inserts: async () => {
            const startedAt = performance.now();
            await inParallel(channels, CONNECTIONS, () =>
              pool.query(sql.type(z.object({}))`
                insert into kronicle.plain (name, series_table, columns, channel_schema, density)
                values (
                  ${randomUUID()},
                  1,
                  ${'[{"name":"a","type":"float","optional":false,"slot":"float8_1"},{"name":"b","type":"float","optional":false,"slot":"float8_2"}]'}::jsonb,
                  ${'{"time":"datetime","a":"float","b":"float"}'}::json,
                  ${"normal"}
                )
              `),
            );
            return (channels * 1_000) / (performance.now() - startedAt);
          },
          ours: async () => {
            const work = { kind: "create", path: "/setup/v1/channels" } as const;
            const plan = { url: server.url, token: KEYS.admin, connections: CONNECTIONS, requests: channels, work };
            return channels / (await runLoad(plan)).seconds;
          },
        },
        stage.size.rounds,
      );
      return [
        toResult({
          scenario: "create-channels",
          label: `${channels.toLocaleString("en")} channels of one layout, 8 connections`,
          unit: "channels/s",
          ours: figures.ours,
          limit: { label: "plain INSERTs through a pool", figures: figures.inserts },
          target: 0.5,
        }),
      ];
    } finally {
      await pool.end();
    }
  },
};
