/** A page of 1,000 among 10,000 channels with their row counts, against the same SELECT in psql. */
import { selectChannelPage } from "../../../server/src/channels/queries/selectChannelPage.ts";
import { NO_LIMIT } from "../../../server/src/access/channel-scope.ts";
import { createRolePool } from "../../../server/src/db/pool/create-role-pool.ts";
import { KEYS } from "../../support/server.ts";
import { createChannels, fillRows } from "../fill.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const CHANNELS = 10_000;
const PAGE = 1_000;
const REQUESTS = 60;

export const listChannels: Scenario = {
  name: "list-channels",
  run: async (stage) => {
    const server = await stage.start();
    await createChannels(server.url, CHANNELS);
    await fillRows(stage, 10, 60_000);
    const requests = Math.round(REQUESTS * stage.size.share);
    const select = await sameSelect(stage);

    const figures = await measure(
      {
        psql: async () => {
          const times = await stage.psql(Array<string>(requests).fill(select).join("\n"));
          return (times.length * 1_000) / times.reduce((sum, ms) => sum + ms, 0);
        },
        ours: async () => {
          const work = { kind: "get", paths: [`/api/v1/channels?limit=${PAGE}`] } as const;
          const { seconds } = await runLoad({ url: server.url, token: KEYS.reader, connections: 1, requests, work });
          return requests / seconds;
        },
      },
      stage.size.rounds,
    );
    return [
      toResult({
        scenario: "list-channels",
        label: "1,000 of 10,000 channels, with counts, 1 connection",
        unit: "pages/s",
        ours: figures.ours,
        limit: { label: "the same SELECT in psql", figures: figures.psql },
        target: 0.5,
      }),
    ];
  },
};

/** The very statement of the server, with its values, as psql takes it. */
async function sameSelect(stage: Stage): Promise<string> {
  let statement = "";
  const pool = await createRolePool(stage.databaseUrl, { size: 1, statementTimeoutMs: 30_000 });
  try {
    await pool.connect((connection) =>
      selectChannelPage(
        {
          ...connection,
          any: (query) => {
            const values = query.values.map((value) => `'${String(value).replaceAll("'", "''")}'`);
            statement = String.raw`${query.sql.replaceAll("$slonik_", "$")} \bind ${values.join(" ")} \g`;
            return connection.any(query);
          },
        },
        NO_LIMIT,
        { name: null, tags: [], metadata: [] },
        0,
        { limit: PAGE, maxBytes: 8 * 1024 * 1024 },
      ),
    );
  } finally {
    await pool.end();
  }
  return statement;
}
