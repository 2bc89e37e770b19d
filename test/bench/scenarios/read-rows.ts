/** Pages of 10,000 rows as JSON, against json_agg of the same rows in psql; and the same page as columns. */
import { KEYS } from "../../support/server.ts";
import { countChunks, createChannels, fillRows, TABLE } from "../fill.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const CHANNELS = 100;
const ROWS = 10_000;
const STEP_MS = 60_000;
const REQUESTS = 120;

export const readRows: Scenario = {
  name: "read-rows",
  run: async (stage) => {
    const server = await stage.start();
    const ids = await createChannels(server.url, CHANNELS);
    await fillRows(stage, ROWS, STEP_MS);
    const requests = Math.round(REQUESTS * stage.size.share);

    const read = (what: "rows" | "columns", connections: number) => async () => {
      const work = { kind: "get", paths: ids.map((id) => `/api/v1/channels/${id}/${what}?limit=${ROWS}`) } as const;
      const { seconds } = await runLoad({ url: server.url, token: KEYS.reader, connections, requests, work });
      return (requests * ROWS) / seconds;
    };
    const figures = await measure(
      {
        psql1: () => aggregate(stage, 1, requests),
        rows1: read("rows", 1),
        columns1: read("columns", 1),
        psql8: () => aggregate(stage, 8, requests),
        rows8: read("rows", 8),
      },
      stage.size.rounds,
    );
    const rest = { scenario: "read-rows", unit: "rows/s", notes: [`${await countChunks(stage)} chunks`] };
    const limit = (sessions: number, values: readonly number[]) => ({ label: `json_agg in psql, ${sessions}×`, figures: values });
    return [
      toResult({ ...rest, label: "10,000 rows, 1 connection", ours: figures.rows1, limit: limit(1, figures.psql1), target: 0.7 }),
      toResult({
        ...rest,
        label: "10,000 rows, 8 connections",
        ours: figures.rows8,
        limit: limit(8, figures.psql8),
        target: 0.7,
      }),
      toResult({
        ...rest,
        label: "columns of 10,000 rows, 1 connection",
        ours: figures.columns1,
        limit: { label: "the same as rows", figures: figures.rows1 },
      }),
    ];
  },
};

/** So many psql at once, which share the queries. Returns rows per second. */
async function aggregate(stage: Stage, sessions: number, queries: number): Promise<number> {
  const script = (session: number) =>
    Array.from({ length: Math.ceil(queries / sessions) }, (_, index) => {
      const channel = ((session + index * sessions) % CHANNELS) + 1;
      return `select json_agg(r) from (
        select s.time, s.float8_1 as a, s.float8_2 as b from ${TABLE} s where s._channel = ${channel} order by s.time desc limit ${ROWS}
      ) r;`;
    });
  const times = await Promise.all(Array.from({ length: sessions }, (_, session) => stage.psql(script(session).join("\n"))));
  const slowest = Math.max(...times.map((each) => each.reduce((sum, ms) => sum + ms, 0)));
  return (times.flat().length * ROWS * 1_000) / slowest;
}
