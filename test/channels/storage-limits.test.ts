import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "slonik";
import { z } from "zod";
import { dropUnusedSeriesTable } from "../../server/src/channels/queries/dropUnusedSeriesTable.ts";
import { purgeDeleted } from "../../server/src/channels/queries/purgeDeleted.ts";
import { createChunkBudget } from "../../server/src/rows/append/chunk-budget.ts";
import { sqlState } from "../../server/src/db/sql-state.ts";
import { fromDatabase } from "../../server/src/problems/from-database.ts";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 0, 1);
const today = Math.floor(NOW / DAY_MS);

async function createChannel(channel_schema: object, density = "normal"): Promise<string> {
  const { body } = await as("admin", server).post("/setup/v1/channels").send({ channel_schema, density }).expect(201);
  return body.channel_id;
}

function append(id: string, times: readonly string[]) {
  return as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .send({ rows: times.map((time) => ({ time, value: 1 })) });
}

const dayAfter = (start: string, days: number) => new Date(Date.parse(start) + days * DAY_MS).toISOString();

function count(what: string): Promise<number> {
  return asOwner(server.context, (owner) => owner.oneFirst(statement(`select (${what})::integer`))).then(Number);
}

const tableOf = (id: string) =>
  server.context.database.pools.reader.oneFirst(
    sql.type(z.object({ name: z.string() }))`
      select t.table_name as name
      from kronicle.channel c
      join kronicle.series_table t on t.id = c.series_table
      where c.channel_id = ${id}::uuid
    `,
  );

const chunksOf = (table: string) =>
  count(`select count(*) from timescaledb_information.chunks k where k.hypertable_name = '${table}'`);

const countDeleted = () => count("select count(*) from kronicle.channel c where c.deleted_at is not null");

/** Until there is nothing more to purge: the janitor of the server may be at it, too. @returns the rows of each step of ours. */
async function purge(most = 10_000): Promise<number[]> {
  const steps: number[] = [];
  while ((await countDeleted()) > 0) {
    const step = await purgeDeleted(server.context.database.pools.admin, most);
    if (step.kind === "freed") steps.push(step.rows);
  }
  return steps;
}

describe("the chunks of a table", () => {
  /** A database that has these chunks, and so many that it may have. */
  const databaseWith = (days: readonly number[], max: number) => ({
    anyFirst: async () => days,
    oneFirst: async () => max,
  });
  const check = (budget: ReturnType<typeof createChunkBudget>, stored: number, days: readonly number[], chunk_days = 1) =>
    budget.check(
      Object.assign(
        Object.create(server.context.database.pools.writer),
        databaseWith(
          Array.from({ length: stored }, (_, day) => day * chunk_days),
          100,
        ),
      ),
      { chunk_days, table_name: "s_1" },
      { days: new Set(days) },
      NOW,
    );

  test("grow by rows of the past up to a number, and no further", async () => {
    await check(
      createChunkBudget(64),
      90,
      Array.from({ length: 10 }, (_, index) => 1_000 + index),
    );
    await expect(
      check(
        createChunkBudget(64),
        90,
        Array.from({ length: 11 }, (_, index) => 1_000 + index),
      ),
    ).rejects.toMatchObject({
      code: "too_many_chunks",
      message: expect.stringContaining("100"),
    });
  });

  test("of requests that are under way count, however many there are at once", async () => {
    const budget = createChunkBudget(64);
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, request) =>
        check(
          budget,
          50,
          Array.from({ length: 10 }, (__, index) => 1_000 + request * 10 + index),
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  });

  test("of the present are made all the same, and rows in chunks that are there are taken", async () => {
    const budget = createChunkBudget(64);
    await check(budget, 5_000, [today - 20, today, today + 1]);
    await check(budget, 5_000, [17, 4_999]);
    await expect(check(budget, 5_000, [today - 40])).rejects.toMatchObject({ code: "too_many_chunks" });
  });

  test("of twenty years of daily data fit, in any density but dense", async () => {
    const years = Array.from({ length: 20 * 365 }, (_, index) => today - index);
    for (const [chunk_days, requests] of [
      [3650, 1],
      [30, 20],
    ] as const) {
      const budget = createChunkBudget(64);
      const accepted = [];
      for (let request = 0; request < requests; request++) {
        const part = years.slice((request * years.length) / requests, ((request + 1) * years.length) / requests);
        accepted.push(
          budget.check(
            Object.assign(Object.create(server.context.database.pools.writer), databaseWith([], 1_024)),
            { chunk_days, table_name: "s_1" },
            { days: new Set(part) },
            NOW,
          ),
        );
      }
      expect(await Promise.all(accepted)).toHaveLength(requests);
    }
  });

  test("go with the rows of a deleted channel while there are many, and an honest channel of the same layout goes on", async () => {
    const spread = await createChannel({ value: "float" }, "dense");
    const honest = await createChannel({ value: "float" }, "dense");
    for (let part = 0; part < 3; part++) {
      const times = Array.from({ length: 45 }, (_, day) => dayAfter("1990-01-01T00:00:00Z", part * 45 + day));
      await append(spread, times).expect(200);
    }
    await append(honest, [new Date().toISOString(), "1990-01-05T00:00:00Z"]).expect(200);
    const table = await tableOf(spread);
    expect(await chunksOf(table)).toBe(136);
    await as("admin", server).delete(`/setup/v1/channels/${spread}`).expect(200);
    const steps = await purge();
    expect(Math.max(0, ...steps)).toBeLessThanOrEqual(4);
    expect(await chunksOf(table)).toBe(128);
    const { body } = await as("reader", server).get(`/api/v1/channels/${honest}/rows`).expect(200);
    expect(body.rows).toHaveLength(2);
  }, 180_000);
});

describe("purging", () => {
  beforeAll(() => purge());

  test("goes on where a step ended inside a chunk, and leaves other channels alone", async () => {
    const doomed = await createChannel({ value: "float" });
    const kept = await createChannel({ value: "float" });
    const times = Array.from({ length: 25 }, (_, index) => dayAfter("2024-01-01T00:00:00Z", index * 7));
    for (const id of [doomed, kept]) await append(id, times).expect(200);
    const table = await tableOf(doomed);
    await as("admin", server).delete(`/setup/v1/channels/${doomed}`).expect(200);
    const stored = () => count(`select count(*) from series.${table}`);
    const before = await stored();
    const steps = await purge(3);
    expect(Math.max(0, ...steps)).toBeLessThanOrEqual(3);
    expect(await stored()).toBe(before - times.length);
    const { body } = await as("reader", server).get(`/api/v1/channels/${kept}`).expect(200);
    expect(body.available_rows).toBe(25);
  });

  test("frees a channel without rows", async () => {
    const id = await createChannel({ value: "float" });
    await as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200);
    expect(Math.max(0, ...(await purge()))).toBe(0);
  });
});

describe("series tables that no channel uses", () => {
  const dropAll = async () => {
    let dropped = 0;
    while (await dropUnusedSeriesTable(server.context.database.pools.admin)) dropped++;
    return dropped;
  };
  const tables = () => count("select count(*) from kronicle.series_table");

  test("go once there are many and nobody came back for ten minutes, and those in use stay", async () => {
    const used = await createChannel({ value: "float", other: "uuid" });
    const left = await createChannel({ value: "float", other: "bool" });
    const leftTable = await tableOf(left);
    await as("admin", server).delete(`/setup/v1/channels/${left}`).expect(200);
    await purge();
    await asOwner(server.context, (owner) =>
      owner.query(
        statement(`
          insert into kronicle.series_table (slots, chunk_days)
          select jsonb_build_object('bool', n), 30
          from generate_series(1, 256 - (select count(*) from kronicle.series_table)) n
        `),
      ),
    );
    expect(await dropAll()).toBe(0);
    await as("admin", server)
      .post("/setup/v1/channels")
      .send({ channel_schema: { a: "list", b: "uuid", c: "datetime" } })
      .expect(409);

    await asOwner(server.context, (owner) =>
      owner.query(statement("update kronicle.series_table set unused_since = unused_since - interval '11 minutes'")),
    );
    expect(await dropAll()).toBe(256 - 128);
    expect(await tables()).toBe(128);
    expect(await count(`select count(*) from pg_class c where c.relname = '${leftTable}'`)).toBe(0);
    await append(used, []).expect(400);
    await as("writer", server)
      .post(`/data/v1/channels/${used}/rows`)
      .send({ rows: [{ value: 1, other: "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10" }] })
      .expect(200);
    await createChannel({ a: "list", b: "uuid", c: "datetime" });
  });

  test("and went just when a channel was to use it: it is made anew", async () => {
    const { admin } = server.context.database.pools;
    const failure = await admin
      .query(statement(`select kronicle.insert_channel(null, 'late', 999999, '[]', '{}', '{}', '{}', '{}', 'normal')`))
      .catch((error: unknown) => error);
    expect(sqlState(failure)).toBe("KR002");
  });
});

test("a new column that would lock too many chunks is refused with what to do", () => {
  const error = Object.assign(new Error("too many"), { code: "KR004" });
  expect(fromDatabase(error)).toMatchObject({
    code: "layout_limit",
    message: expect.stringContaining("max_locks_per_transaction"),
  });
});
