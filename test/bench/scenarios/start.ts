/** From the start of the process to the first answer of the readiness check, with data that is there already. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, startServerProcess } from "../../support/process.ts";
import { createChannels, fillRows } from "../fill.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

export const start: Scenario = {
  name: "start",
  run: async (stage) => {
    const server = await stage.start();
    await createChannels(server.url, 100);
    await fillRows(stage, 10_000, 60_000);
    const directory = await mkdtemp(join(tmpdir(), "kronicle-bench-"));
    try {
      const figures = await measure(
        {
          native: () => secondsToReady({ DATABASE_URL: stage.databaseUrl, KRONICLE_ROLE_PREFIX: "kronicle_bench" }),
          // The round that does not count makes the data.
          embedded: () => secondsToReady({ KRONICLE_DATA_DIR: join(directory, "data") }),
        },
        stage.size.rounds,
      );
      return [
        toResult({ scenario: "start", label: "native, 1,000,000 rows", unit: "s to ready", ours: figures.native }),
        toResult({ scenario: "start", label: "embedded, existing data", unit: "s to ready", ours: figures.embedded }),
      ];
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

async function secondsToReady(environment: Environment): Promise<number> {
  const startedAt = performance.now();
  await using server = await startServerProcess(environment);
  const response = await fetch(`${server.url}/health/ready`);
  if (!response.ok) throw new Error(`the server is not ready: ${response.status}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  await server.end("SIGTERM");
  return seconds;
}
