import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { inParallel } from "../../support/in-parallel.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse("2004-01-01T00:00:00Z");

/** Twenty years of one value a day. */
const SERIES = Array.from({ length: 7_305 }, (_, index) => ({
  time: new Date(FIRST_DAY + index * DAY_MS).toISOString().replace(".000", ""),
  value: index / 8,
}));

/** Chunks of 30 days, of which a request may create 64. */
const DAYS_PER_REQUEST = 64 * 30 - 30;

describe.each(["sparse", "normal"] as const)("twenty years of days in a channel of density %s", (density) => {
  let server: TestServer;
  let path: string;

  beforeAll(async () => {
    server = await startTestServer();
    const definition = { channel_schema: { value: "float" }, density };
    const id = await createChannel(server, definition);
    for (let start = 0; start < SERIES.length; start += DAYS_PER_REQUEST) {
      await appendRows(server, id, SERIES.slice(start, start + DAYS_PER_REQUEST));
    }
    path = `/api/v1/channels/${id}/rows`;
  }, 120_000);
  afterAll(() => server[Symbol.asyncDispose]());

  test("are read by twelve at once, each of whom gets all of them", async () => {
    const series = await inParallel(12, 12, () => readAll(server, path));
    expect(series).toHaveLength(12);
    for (const rows of series) expect(rows).toEqual(SERIES);
  });

  test.each([
    { what: "the newest hundred", query: { limit: 100 }, rows: SERIES.slice(-100).toReversed() },
    { what: "the oldest hundred", query: { limit: 100, sort: "time" }, rows: SERIES.slice(0, 100) },
    {
      what: "a hundred in the middle",
      query: { sort: "time", from: SERIES[3_000]?.time, to: SERIES[3_100]?.time },
      rows: SERIES.slice(3_000, 3_100),
    },
  ])("give $what without locking every chunk", async ({ query, rows }) => {
    await recordLocks(server);
    const { body } = await as("reader", server).get(path).query(query).expect(200);
    expect(body.rows).toEqual(rows);

    // Each chunk takes a lock for its table and one for its index: all of them would be about 500.
    const most = Number((await takeRecord(server))[0]?.["most"]);
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThan(50);
  });
});

async function readAll(server: TestServer, path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { sort: "time", ...(cursor === undefined ? {} : { cursor }) };
    const { body }: { body: { rows: unknown[]; next_cursor: string | null } } = await as("reader", server)
      .get(path)
      .query(query)
      .expect(200);
    rows.push(...body.rows);
    cursor = body.next_cursor;
  }
  return rows;
}

/**
 * From now on the statements that read rows note how many locks they hold: each of them writes its times with this function.
 * The one session of the embedded database has the id 0, and its locks have none.
 */
async function recordLocks({ context }: TestServer): Promise<void> {
  await asOwner(context, async (owner) => {
    if (await owner.maybeOne(statement("select from pg_proc p where p.proname = 'rfc3339_plain'"))) return;
    await owner.query(statement("create table kronicle.seen (locks integer)"));
    await owner.query(statement("alter function kronicle.rfc3339 rename to rfc3339_plain"));
    await owner.query(
      statement(`
        create function kronicle.rfc3339(t timestamptz) returns text
        language plpgsql volatile security definer as $$
        begin
          insert into kronicle.seen
          select count(*) from pg_locks l where coalesce(l.pid, 0) = pg_backend_pid() and l.locktype = 'relation';
          return kronicle.rfc3339_plain(t);
        end
        $$
      `),
    );
  });
}

function takeRecord({ context }: TestServer) {
  return asOwner(context, (owner) =>
    owner.any(statement("with seen as (delete from kronicle.seen returning locks) select max(locks) as most from seen")),
  );
}
