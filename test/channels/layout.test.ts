import { describe, expect, test } from "vitest";
import { sql } from "slonik";
import { z } from "zod";
import { createChannel, appendRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { inParallel } from "../support/in-parallel.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

/** So many columns of each type. */
function schemaOf(counts: Record<string, number>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([type, count]) => Array.from({ length: count }, (_, index) => [`${type} ${index}`, type])),
  );
}

const table = z.object({ table_name: z.string(), slots: z.record(z.string(), z.int()), chunk_days: z.int() });

function tableOf(channelId: string) {
  return server.context.database.pools.reader.one(sql.type(table)`
    select t.table_name, t.slots, t.chunk_days
    from kronicle.channel c
    join kronicle.series_table t on t.id = c.series_table
    where c.channel_id = ${channelId}::uuid
  `);
}

/** Every column of every relation there is: any DDL at all changes it. */
function everyColumn() {
  return asOwner(server.context, (owner) =>
    owner.anyFirst(statement("select a.attrelid::regclass || '.' || a.attname from pg_attribute a order by 1")),
  );
}

describe("channels whose columns have the same types", () => {
  const CHANNELS = 10_000;

  test("share one table, and the 10,000th is no DDL", { timeout: 300_000 }, async () => {
    const nameOf = (index: number) => `température ${index} (°)`;
    const untouched = await everyColumn();
    const first = await createChannel(server, { channel_schema: { [nameOf(0)]: "float", "note 0": "optional[str]" } });
    const before = await everyColumn();
    expect(before).not.toEqual(untouched);

    const ids = await inParallel(CHANNELS - 1, 8, (index) =>
      createChannel(server, { channel_schema: { [`note ${index + 1}`]: "str", [nameOf(index + 1)]: "optional[float]" } }),
    );
    expect(new Set(ids).size).toBe(CHANNELS - 1);
    expect(await everyColumn()).toEqual(before);

    const tables = await server.context.database.pools.reader.any(sql.type(
      z.object({ table_name: z.string(), channels: z.int() }),
    )`
      select t.table_name, count(*)::integer as channels
      from kronicle.channel c
      join kronicle.series_table t on t.id = c.series_table
      group by t.table_name
    `);
    expect(tables).toEqual([{ table_name: (await tableOf(first)).table_name, channels: CHANNELS }]);
  });

  test("keep their rows apart", async () => {
    const ids = await inParallel(3, 3, (index) => createChannel(server, { channel_schema: { [`only ${index}`]: "float" } }));
    const rowsOf = (index: number) => [{ time: "2024-03-01T00:00:00Z", [`only ${index}`]: index }];
    await inParallel(ids.length, 3, (index) =>
      as("writer", server)
        .post(`/data/v1/channels/${ids[index]}/rows`)
        .send({ rows: rowsOf(index) })
        .expect(200),
    );
    for (const [index, id] of ids.entries()) {
      const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
      expect(body.rows).toEqual(rowsOf(index));
    }
  });

  test("share a table whatever the word for the type", async () => {
    const ids = await Promise.all(
      [
        { a: "int", b: "int64", c: "dict" },
        { x: "list", y: "optional[integer]", z: "int64" },
      ].map((channel_schema) => createChannel(server, { channel_schema })),
    );
    const [left, right] = await Promise.all(ids.map(tableOf));
    expect(left?.slots).toEqual({ int8: 2, jsonb: 1 });
    expect(right).toEqual(left);
  });
});

describe("slots", () => {
  test.each([
    { columns: { float: 3 }, slots: { float8: 4 } },
    { columns: { float: 4 }, slots: { float8: 4 } },
    { columns: { float: 5 }, slots: { float8: 8 } },
    { columns: { float: 2, bool: 1, uuid: 3, datetime: 2 }, slots: { bool: 1, float8: 2, timestamptz: 2, uuid: 4 } },
    { columns: { str: 129, float: 127 }, slots: { float8: 128, text: 256 } },
  ])("of $columns are rounded up to powers of two", async ({ columns, slots }) => {
    expect((await tableOf(await createChannel(server, { channel_schema: schemaOf(columns) }))).slots).toEqual(slots);
  });

  test("hold a row of 256 columns of the widest kind", async () => {
    const channel_schema = schemaOf({ uuid: 256 });
    const uuid = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
    const row = { time: "2024-03-01T00:00:00Z", ...Object.fromEntries(Object.keys(channel_schema).map((name) => [name, uuid])) };
    const id = await createChannel(server, { channel_schema });
    await appendRows(server, id, [row]);

    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
    expect(body.rows).toEqual([row]);
  });
});

describe("density", () => {
  test("picks a table of another chunk interval", async () => {
    const densities = { dense: 1, normal: 30, sparse: 3650 } as const;
    const interval = z.object({ days: z.int() });
    const names = new Set<string>();
    for (const [density, days] of Object.entries(densities)) {
      const id = await createChannel(server, {
        channel_schema: { value: "bool" },
        density: z.enum(["dense", "normal", "sparse"]).parse(density),
      });
      const { table_name, chunk_days } = await tableOf(id);
      names.add(table_name);
      expect(chunk_days).toBe(days);
      // What is written down about a table says nothing of how TimescaleDB really cuts it.
      const actual = await server.context.database.pools.reader.oneFirst(sql.type(interval)`
        select (extract(epoch from d.time_interval) / 86400)::integer as days
        from timescaledb_information.dimensions d
        where d.hypertable_schema = 'series' and d.hypertable_name = ${table_name}
      `);
      expect(actual).toBe(days);
    }
    expect(names.size).toBe(3);
  });
});
