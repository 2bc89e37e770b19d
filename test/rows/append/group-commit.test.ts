import { describe, expect, test } from "vitest";
import { createPool } from "slonik";
import { isNative } from "../../support/database.ts";
import { as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";

const TIME = "2024-03-01T00:00:00Z";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

async function createChannels(server: TestServer, schemas: readonly Record<string, string>[]): Promise<string[]> {
  const answers = await Promise.all(
    schemas.map((channel_schema) => as("admin", server).post("/setup/v1/channels").send({ channel_schema }).expect(201)),
  );
  return answers.map(({ body }) => body.channel_id);
}

function append(server: TestServer, id: string | undefined, row: object) {
  return as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .send({ rows: [{ time: TIME, ...row }] });
}

async function readRows(server: TestServer, id: string | undefined) {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
  return body;
}

describe("small appends at the same time", () => {
  test("share commits, and each is stored and counted in its own channel", async () => {
    await using server = await startTestServer();
    const ids = await createChannels(
      server,
      numbers(8).map(() => ({ value: "float" })),
    );
    const answers = await Promise.all(numbers(80).map((index) => append(server, ids[index % 8], { value: index })));
    expect(answers.map(({ status }) => status)).toEqual(numbers(80).map(() => 200));

    for (const [place, id] of ids.entries()) {
      const { rows, available_rows } = await readRows(server, id);
      expect(available_rows).toBe(10);
      const values = rows.map(({ value }: { value: number }) => value);
      expect(values.toSorted((left: number, right: number) => left - right)).toEqual(
        numbers(10).map((round) => round * 8 + place),
      );
    }
    // Each commit has a transaction id of its own.
    const { commits } = await asOwner(server.context, (owner) =>
      owner.one(statement("select count(distinct xmin::text)::integer as commits from series.s_1")),
    );
    expect(commits).toBeLessThan(80);
  });

  test("keep their columns apart when they share a table, whatever the order of the columns", async () => {
    await using server = await startTestServer();
    const ids = await createChannels(server, [
      { a: "float", s: "str", t: "optional[str]" },
      { t: "str", s: "optional[str]", b: "float" },
      { x: "optional[float]", y: "str", z: "optional[str]" },
    ]);
    const rows = [
      { a: -0.5, s: 'quote " and back\\slash', t: null },
      { t: "{a,b}", s: "NULL", b: 1e300 },
      { x: null, y: "line\nbreak, Ü 🙂", z: "" },
    ];
    await Promise.all(numbers(30).map((index) => append(server, ids[index % 3], rows[index % 3] ?? {}).expect(200)));
    for (const [place, id] of ids.entries()) {
      const row = { time: TIME, ...rows[place] };
      expect((await readRows(server, id)).rows).toEqual(numbers(10).map(() => row));
    }
  });

  test("do not fail with one among them whose channel is gone", async () => {
    await using server = await startTestServer();
    const ids = await createChannels(
      server,
      numbers(4).map(() => ({ value: "float" })),
    );
    // The server remembers all four from here on.
    await Promise.all(ids.map((id) => append(server, id, { value: 0 }).expect(200)));
    await as("admin", server).delete(`/setup/v1/channels/${ids[2]}`).expect(200);

    const answers = await Promise.all(numbers(40).map((index) => append(server, ids[index % 4], { value: index })));
    expect(answers.map(({ status }) => status)).toEqual(numbers(40).map((index) => (index % 4 === 2 ? 404 : 200)));
    for (const place of [0, 1, 3]) expect(await readRows(server, ids[place])).toMatchObject({ available_rows: 11 });
  });
});

// Only a real server has a second session that can hold a lock meanwhile.
describe.runIf(isNative)("a channel that is being changed", () => {
  test("makes its own appends wait for the end, and no others", async () => {
    await using server = await startTestServer();
    const [locked, free] = await createChannels(server, [{ value: "float" }, { value: "float" }]);
    const owner = await createPool(server.context.config.databaseUrl ?? "", { maxPoolSize: 1 });
    try {
      const settled: string[] = [];
      let waiting: Promise<unknown> = Promise.resolve();
      await owner.transaction(async (transaction) => {
        await transaction.query(
          statement(`
          select pg_advisory_xact_lock(1263683150, c.id) from kronicle.channel c where c.channel_id = '${locked}'
        `),
        );
        waiting = Promise.all(
          numbers(20).map(async (index) => {
            await append(server, locked, { value: index }).expect(200);
            settled.push("locked");
          }),
        );
        // More than the pool has connections: none of those that wait holds one.
        for (const round of numbers(3)) {
          await Promise.all(numbers(20).map((index) => append(server, free, { value: round * 20 + index }).expect(200)));
        }
        expect(settled).toEqual([]);
      });
      await waiting;
      expect(settled).toHaveLength(20);
    } finally {
      await owner.end();
    }
    expect(await readRows(server, locked)).toMatchObject({ available_rows: 20 });
    expect(await readRows(server, free)).toMatchObject({ available_rows: 60 });
  });
});
