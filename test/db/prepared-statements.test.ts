import { connect, createServer } from "node:net";
import { once } from "node:events";
import type { CommonQueryMethods, Interceptor, QuerySqlToken } from "slonik";
import { describe, expect, test } from "vitest";
import { createRolePool } from "../../server/src/db/pool/create-role-pool.ts";
import { createChannel, appendRows } from "../support/channels.ts";
import { createTestDatabase, isNative } from "../support/database.ts";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { startTestServer } from "../support/server.ts";

const DAY_MS = 86_400_000;
const AGAIN_AND_AGAIN = 12;

describe.runIf(isNative)("a session of a real server", () => {
  test("prepares a statement that comes again and again, and gives the same answers by it", async () => {
    await using session = await openSession();
    const answers: unknown[] = [];
    for (let index = 0; index < AGAIN_AND_AGAIN; index++) {
      answers.push(
        await session.pool.any(
          statement(`select 'ä' as text, 1.5::float8 as number, null as nothing, '{"a":1}'::jsonb as document`),
        ),
      );
    }
    expect(answers).toEqual(answers.map(() => [{ text: "ä", number: 1.5, nothing: null, document: { a: 1 } }]));
    expect((await preparedBy(session.pool)).filter((text) => text.includes("'ä'"))).toHaveLength(1);
  });

  test("keeps at most 64 of them, those that were used last", async () => {
    await using session = await openSession();
    const texts = Array.from({ length: 80 }, (_, index) => `select ${index} as n`);
    for (const text of texts) for (let use = 0; use < AGAIN_AND_AGAIN; use++) await session.pool.query(statement(text));
    const prepared = await preparedBy(session.pool);
    expect(prepared.toSorted()).toEqual(texts.slice(-64).toSorted());
    expect(await session.pool.oneFirst(statement("select 0 as n"))).toBe(0);
  });

  test("prepares nothing that comes once, however much of it there is", async () => {
    await using session = await openSession();
    for (let index = 0; index < 600; index++) await session.pool.query(statement(`select ${index} as n`));
    expect(await preparedBy(session.pool)).toEqual([]);
  });

  test("goes on after a prepared statement has failed", async () => {
    await using session = await openSession();
    const divide = (by: number) => ({ ...statement("select 6 / $1::integer as n"), values: [by] });
    await session.pool.connect(async (connection) => {
      for (let index = 0; index < AGAIN_AND_AGAIN; index++) expect(await connection.oneFirst(divide(2))).toBe(3);
      await connection.transaction(async (transaction) => {
        await expect(transaction.transaction((nested) => nested.oneFirst(divide(0)))).rejects.toThrow("division by zero");
        for (let index = 0; index < AGAIN_AND_AGAIN; index++) expect(await transaction.oneFirst(divide(3))).toBe(2);
      });
    });
  });

  test("prepares nothing behind a pooler, which may send each statement to another session", async () => {
    await using session = await openSession(await startPooler());
    for (let index = 0; index < AGAIN_AND_AGAIN; index++) await session.pool.query(statement("select 1 as n"));
    expect(await preparedBy(session.pool)).toEqual([]);
  });
});

test("a read that comes again and again sees a row in a chunk that was not there before", async () => {
  await using server = await startTestServer({ poolSize: 1 });
  const definition = { channel_schema: { value: "float" }, density: "dense" };
  const id = await createChannel(server, definition);
  const append = (day: number) =>
    as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [{ time: new Date(day * DAY_MS).toISOString(), value: day }] })
      .expect(200);
  const read = async () => {
    const answer = await as("reader", server).get(`/api/v1/channels/${id}/rows?sort=time`).expect(200);
    return answer.body.rows.map(({ value }: { value: number }) => value);
  };
  await append(20_000);
  await append(20_040);
  for (let index = 0; index < AGAIN_AND_AGAIN; index++) expect(await read()).toEqual([20_000, 20_040]);
  await append(20_020);
  expect(await read()).toEqual([20_000, 20_020, 20_040]);
});

test("the newest rows of a chunk that has no statistics yet are found without reading all of it", async () => {
  await using server = await startTestServer();
  const { reader } = server.context.database.pools;
  const id = await createChannel(server, { channel_schema: { value: "float" } });
  const rows = [{ time: "2024-01-01T00:00:00Z", value: 0 }];
  await appendRows(server, id, rows);
  const more = `
    insert into series.s_1 (_channel, time, float8_1)
    select _channel, time + g * interval '1 second', g from series.s_1, generate_series(1, 300000) g
  `;
  await asOwner(server.context, (owner) => owner.query(statement(more)));

  const asked: { readonly text: string; readonly values: QuerySqlToken["values"] }[] = [];
  const watcher: Interceptor = {
    name: "watcher",
    beforeQueryExecution: (_context, { sql, values }) => {
      asked.push({ text: sql, values });
      return null;
    },
  };
  // Slonik reads the list anew for each statement.
  Array.prototype.push.call(reader.configuration.interceptors, watcher);
  await as("reader", server).get(`/api/v1/channels/${id}/rows?limit=100`).expect(200);
  const { text = "", values = [] } = asked.find((statement) => statement.text.includes("string_agg")) ?? {};

  const plan = await reader.any({ ...statement(`explain ${text}`), values });
  expect(JSON.stringify(plan)).toContain("Incremental Sort");
});

async function preparedBy(connection: CommonQueryMethods): Promise<string[]> {
  const rows = await connection.any(statement("select statement from pg_prepared_statements order by prepare_time"));
  return rows.map((row) => String(row["statement"]));
}

async function openSession(through: (url: string) => string = (url) => url) {
  const database = await createTestDatabase();
  const pool = await createRolePool(through(database.settings.databaseUrl ?? ""), { size: 1, statementTimeoutMs: 10_000 });
  return {
    pool,
    [Symbol.asyncDispose]: async () => {
      await pool.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** As poolers do, it tells each client a number of its own instead of that of the session. */
async function startPooler(): Promise<(url: string) => string> {
  let target = new URL("tcp://localhost");
  const server = createServer((client) => {
    const backend = connect(Number(target.port), target.hostname);
    const closeBoth = () => [client, backend].map((socket) => socket.destroy());
    for (const socket of [client, backend]) socket.on("error", closeBoth).on("close", closeBoth);
    client.on("data", (bytes) => backend.write(bytes));
    backend.on("data", (bytes) => {
      const keyData = bytes.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
      if (keyData !== -1) bytes.writeInt32BE(1, keyData + 5);
      client.write(bytes);
    });
  }).unref();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return (url) => {
    target = new URL(url);
    const through = new URL(url);
    through.hostname = "127.0.0.1";
    through.port = String(typeof address === "object" ? address?.port : "");
    return through.href;
  };
}
