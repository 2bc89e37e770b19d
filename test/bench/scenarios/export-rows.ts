/** An NDJSON export of one long channel, against `copy (select row_to_json …) to stdout` of the same rows; and what it costs in memory. */
import { KEYS } from "../../support/server.ts";
import { countChunks, createChannels, fillRows, TABLE } from "../fill.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { readResidentBytes, watchResidentBytes } from "../resident-bytes.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

const ROWS = 1_000_000;
const STEP_MS = 5_000;

export const exportRows: Scenario = {
  name: "export-rows",
  run: async (stage) => {
    const server = await stage.start();
    const [id] = await createChannels(server.url, 1);
    await fillRows(stage, ROWS, STEP_MS);
    const idleBytes = await readResidentBytes(server.pid);
    const growths: number[] = [];

    const figures = await measure(
      {
        copy: async () => {
          const [ms = Number.NaN] = await stage.psql(`copy (
            select row_to_json(r) from (
              select s.time, s.float8_1 as a, s.float8_2 as b from ${TABLE} s where s._channel = 1 order by s.time desc
            ) r
          ) to stdout;`);
          return (ROWS * 1_000) / ms;
        },
        ours: async () => {
          const watch = watchResidentBytes(server.pid);
          const work = { kind: "get", paths: [`/api/v1/channels/${id}/rows/export?format=ndjson`] } as const;
          const { seconds } = await runLoad({ url: server.url, token: KEYS.reader, connections: 1, requests: 1, work });
          growths.push((await watch.stop()) - idleBytes);
          return ROWS / seconds;
        },
      },
      stage.size.rounds,
    );
    const megabytes = Math.round(Math.max(...growths) / 2 ** 20);
    return [
      toResult({
        scenario: "export-rows",
        label: "1,000,000 rows as NDJSON",
        unit: "rows/s",
        ours: figures.ours,
        limit: { label: "copy to stdout in psql", figures: figures.copy },
        target: 0.6,
        notes: [`${await countChunks(stage)} chunks`, `peak resident memory grew by ${megabytes} MiB (target: at most 100)`],
      }),
    ];
  },
};
