import { describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { createTestDatabase } from "../support/database.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";

const KILLS = 5;

/** Rows of each append, one number for each of the writers that append at the same time. */
const WRITERS = [1, 1, 1, 40, 40, 40];

/** The kill comes after so many acknowledgements, while all writers are busy. */
const ACKNOWLEDGED_BEFORE_KILL = 60;

const DAY_MS = 86_400_000;
const START = Date.parse("2014-01-01T00:00:00Z");

/** What was sent: the size of each batch, by a number that no other batch has, and which of them the server acknowledged. */
type Ledger = { readonly sent: Map<number, number>; readonly acknowledged: Set<number> };

type Row = { readonly batch: number; readonly place: number };

/** Appends one batch after the other until the server is gone. */
async function writeUntilGone(path: string, size: number, { sent, acknowledged }: Ledger, onAnswer: () => void): Promise<void> {
  for (;;) {
    const batch = sent.size;
    sent.set(batch, size);
    // Half of a batch lies in a day of its own, so that chunks are being made when the end comes.
    const time = (place: number) => new Date(START + (place % 2) * batch * DAY_MS + place).toISOString();
    const rows = Array.from({ length: size }, (_, place) => ({ time: time(place), batch, place }));
    let status: number;
    try {
      const headers = { Authorization: `Bearer ${KEYS.writer}`, "Content-Type": "application/json" };
      const response = await fetch(path, { method: "POST", headers, body: JSON.stringify({ rows }) });
      status = response.status;
    } catch {
      return;
    }
    expect(status).toBe(200);
    acknowledged.add(batch);
    onAnswer();
  }
}

async function readAll(url: string, channelId: string): Promise<{ rows: Row[]; counted: number }> {
  const rows: Row[] = [];
  for (let cursor: string | undefined; ;) {
    const { body } = await as("reader", { url })
      .get(`/api/v1/channels/${channelId}/rows`)
      .query({ limit: 10_000, ...(cursor === undefined ? {} : { cursor }) })
      .expect(200);
    rows.push(...body.rows);
    if (body.next_cursor === null) return { rows, counted: body.available_rows };
    cursor = body.next_cursor;
  }
}

describe("a server that is killed while it stores", () => {
  test("has every acknowledged row once, and each batch whole or not at all", { timeout: 240_000 }, async () => {
    await using database = await createTestDatabase();
    await using servers = new AsyncDisposableStack();
    const start = async () => servers.use(await startServerProcess(environmentFor(database.settings)));
    let server = await start();

    const definition = { channel_schema: { batch: "float", place: "float" }, density: "dense" };
    const id = await createChannel(server, definition);
    const ledger: Ledger = { sent: new Map(), acknowledged: new Set() };

    for (let kill = 1; kill <= KILLS; kill++) {
      const path = `${server.url}/data/v1/channels/${id}/rows`;
      const enough = Promise.withResolvers<void>();
      const goal = kill * ACKNOWLEDGED_BEFORE_KILL;
      const onAnswer = () => {
        if (ledger.acknowledged.size >= goal) enough.resolve();
      };
      const writers = Promise.all(WRITERS.map((size) => writeUntilGone(path, size, ledger, onAnswer)));
      await Promise.race([enough.promise, writers]);
      expect(await server.end("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
      await writers;
      expect(ledger.acknowledged.size).toBeGreaterThanOrEqual(goal);

      server = await start();
      const { rows, counted } = await readAll(server.url, id);
      expect(counted).toBe(rows.length);
      const stored = Map.groupBy(rows, ({ batch }) => batch);
      expect([...ledger.acknowledged].filter((batch) => !stored.has(batch))).toEqual([]);
      // What was sent but not acknowledged may be there, and then as a whole, too.
      for (const [batch, found] of stored) {
        const places = found.map(({ place }) => place).toSorted((left, right) => left - right);
        expect(places).toEqual([...Array(ledger.sent.get(batch)).keys()]);
      }
    }
  });
});
