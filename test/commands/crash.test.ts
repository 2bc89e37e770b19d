import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool } from "slonik";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { statement } from "../support/owner.ts";
import { canRunClusters, startCluster } from "../support/cluster/own-cluster.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";

/** Every sixth crash is one of the server, the others of the database. */
const CRASHES = 12;

/** Rows of each append of the eight writers. The first four send an Idempotency-Key, and repeat until they are answered with success. */
const WRITERS = [1, 1, 60, 300, 1, 1, 60, 300];
const KEYED_WRITERS = 4;

/** Each crash comes after so many acknowledgements, while all writers are busy. */
const ACKNOWLEDGED_BEFORE_CRASH = 60;

/** `open`: nobody knows, so it may be stored or not, but as a whole. */
type Batch = { readonly size: number; readonly isKeyed: boolean; outcome: "open" | "acknowledged" | "refused" };

type Ledger = { readonly batches: Batch[]; readonly statuses: Set<number>; acknowledged: number; tries: number };

/** What the server says of one try; null when it, or its connection, was gone. */
async function tryAppend(url: string, batch: number, size: number, key: string | null) {
  const rows = Array.from({ length: size }, (_, place) => ({ batch, place }));
  const headers = {
    Authorization: `Bearer ${KEYS.writer}`,
    "Content-Type": "application/json",
    ...(key === null ? {} : { "Idempotency-Key": key }),
  };
  try {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ rows }) });
    const { code } = z.looseObject({ code: z.string().optional() }).parse(await response.json());
    return { status: response.status, code };
  } catch {
    return null;
  }
}

async function write(url: string, size: number, isKeyed: boolean, ledger: Ledger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const batch: Batch = { size, isKeyed, outcome: "open" };
    const number = ledger.batches.push(batch) - 1;
    const key = isKeyed ? randomUUID() : null;
    while (!signal.aborted) {
      ledger.tries++;
      const answer = await tryAppend(url, number, size, key);
      if (answer) ledger.statuses.add(answer.status);
      if (answer?.status === 200) {
        batch.outcome = "acknowledged";
        ledger.acknowledged++;
        break;
      }
      if (!isKeyed) {
        // All others promise that nothing was stored.
        if (answer && answer.code !== "outcome_unknown") batch.outcome = "refused";
        break;
      }
      await sleep(20);
    }
    if (batch.outcome !== "acknowledged") await sleep(20);
  }
}

describe.runIf(canRunClusters)("crashes under load (skipped but on Debian, as root, in the run on a native database)", () => {
  test("lose no acknowledged row, store none twice and no batch by half", { timeout: 240_000 }, async () => {
    await using database = await startCluster();
    await using servers = new AsyncDisposableStack();
    const environment = environmentFor({ databaseUrl: database.url, dataDir: "", rolePrefix: null });
    let server = servers.use(await startServerProcess(environment));
    const { url } = server;

    const definition = { channel_schema: { batch: "int", place: "int" } };
    const id = await createChannel(server, definition);
    const path = `${url}/data/v1/channels/${id}/rows`;
    const ledger: Ledger = { batches: [], statuses: new Set(), acknowledged: 0, tries: 0 };
    const stopping = new AbortController();
    const writers = Promise.all(WRITERS.map((size, index) => write(path, size, index < KEYED_WRITERS, ledger, stopping.signal)));
    const acknowledgeMore = async () => {
      const goal = ledger.acknowledged + ACKNOWLEDGED_BEFORE_CRASH;
      while (ledger.acknowledged < goal) await Promise.race([sleep(5), writers]);
    };

    for (let crash = 1; crash <= CRASHES; crash++) {
      await acknowledgeMore();
      if (crash % 6 === 0) {
        await server.end("SIGKILL");
        server = servers.use(await startServerProcess({ ...environment, KRONICLE_PORT: new URL(url).port }));
      } else {
        await database.kill();
        await database.start();
      }
    }
    // The server has healed by itself.
    await acknowledgeMore();
    stopping.abort();
    await writers;

    const text = await (
      await fetch(`${url}/api/v1/channels/${id}/rows/export?columns=batch,place`, {
        headers: { Authorization: `Bearer ${KEYS.reader}` },
      })
    ).text();
    const rows: { batch: number; place: number }[] = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    const { body: counted } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
    expect(counted.available_rows).toBe(rows.length);

    const stored = Map.groupBy(rows, ({ batch }) => batch);
    const isWhole = (batch: number) => {
      const places = (stored.get(batch) ?? []).map(({ place }) => place).toSorted((left, right) => left - right);
      return places.length === ledger.batches[batch]?.size && places.every((place, index) => place === index);
    };
    const numbers = ledger.batches.map((_, number) => number);
    const ofOutcome = (outcome: Batch["outcome"]) => numbers.filter((number) => ledger.batches[number]?.outcome === outcome);
    expect({
      lost: ofOutcome("acknowledged").filter((number) => !stored.has(number)),
      brokenOrDouble: [...stored.keys()].filter((number) => !isWhole(number)),
      storedThoughRefused: ofOutcome("refused").filter((number) => stored.has(number)),
      neverSent: [...stored.keys()].filter((number) => !ledger.batches[number]),
    }).toEqual({ lost: [], brokenOrDouble: [], storedThoughRefused: [], neverSent: [] });
    // 409 is the answer to a key whose first request has not ended.
    expect([...ledger.statuses].filter((status) => ![200, 409, 503].includes(status))).toEqual([]);
    // There was something to lose, and something to repeat.
    expect(ofOutcome("acknowledged").length).toBeGreaterThan(CRASHES * ACKNOWLEDGED_BEFORE_CRASH);
    expect(ledger.tries).toBeGreaterThan(ledger.batches.length);

    // Rows and outcome of a keyed request are one commit.
    const pool = await createPool(database.url, { maxPoolSize: 1 });
    try {
      const outcomes = await pool.oneFirst(statement("select count(*)::integer as outcomes from kronicle.idempotency"));
      const keyed = numbers.filter((number) => ledger.batches[number]?.isKeyed && stored.has(number));
      expect(outcomes).toBe(keyed.length);
    } finally {
      await pool.end();
    }
  });
});
