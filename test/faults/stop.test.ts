import { describe, expect, test } from "vitest";
import { createTestDatabase, isNative } from "../support/database.ts";
import { onServer } from "../support/cluster/on-cluster.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { recordFigure } from "./figures.ts";
import { startLoad } from "./load.ts";
import { UNLIMITED } from "./unlimited.ts";

const ROUNDS = 4;
/** The servers of a round are started before the load is. */
const STOPS_OF_A_ROUND = 5;

/** Sessions of the database are told apart by the name of their server. */
function named(url: string, name: string): string {
  const target = new URL(url);
  target.searchParams.set("application_name", name);
  return target.href;
}

describe.runIf(isNative)("a server that is told to stop at load", () => {
  test(
    "answers all that it has accepted, exits 0, and leaves no session in the database",
    { timeout: 300_000 },
    async (context) => {
      await using database = await createTestDatabase();
      const { databaseUrl } = database.settings;
      const start = (name: string) => {
        const settings = { ...database.settings, databaseUrl: named(databaseUrl ?? "", name) };
        return startServerProcess({ ...environmentFor(settings), ...UNLIMITED });
      };
      const sessionsOf = (name: string) =>
        onServer(databaseUrl ?? "", `select pid from pg_stat_activity where application_name = '${name}'`);

      let slowestStopMs = 0;
      let answered = 0;
      for (let round = 0; round < ROUNDS; round++) {
        await using servers = new AsyncDisposableStack();
        const names = Array.from({ length: STOPS_OF_A_ROUND + 1 }, (_, index) => `server ${round}.${index}`);
        const started = await Promise.all(names.map(async (name) => ({ name, server: servers.use(await start(name)) })));
        let next = 0;
        const load = await startLoad(() => started[next]?.server.url ?? "", { persistent: false });
        for (const { name, server } of started.slice(0, STOPS_OF_A_ROUND)) {
          await load.progress(10);
          next += 1;
          const since = performance.now();
          expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
          slowestStopMs = Math.max(slowestStopMs, performance.now() - since);
          // PostgreSQL needs a moment to notice the farewell.
          await expect.poll(() => sessionsOf(name), { timeout: 5_000 }).toEqual([]);
        }
        await load.progress(10);
        await load.stop();
        expect([...load.answers.keys()]).toEqual(["200"]);
        expect(await load.check(started[next]?.server.url ?? "")).toEqual({ lost: [], doubled: [], unknown: [] });
        answered += load.answers.get("200") ?? 0;
      }
      recordFigure(
        context,
        `${ROUNDS * STOPS_OF_A_ROUND} stops, the slowest in ${Math.ceil(slowestStopMs)} ms; ${answered} requests, all answered with 200; 0 sessions left`,
      );
    },
  );
});
