import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel, createFilledChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { bearer, createKey } from "../../support/identity.ts";
import { watchStatements } from "../../support/statements.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const ABSENT = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const SCHEMA = { temperature: "optional[float]", humidity: "optional[float]", note: "optional[str]" };

const server = useTestServer();

const at = (day: number, rest = "00:00:00") => `2024-03-${String(day).padStart(2, "0")}T${rest}Z`;

async function latest(id: string, query: Readonly<Record<string, string>> = {}) {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/latest`).query(query).expect(200);
  return body;
}

async function refusalOf(id: string, query: string, status = 400) {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/latest?${query}`).expect(status);
  return body;
}

const create = (rows: readonly object[] = []) =>
  createFilledChannel(server, { channel_schema: SCHEMA, rows, name: crypto.randomUUID() });

const remove = (id: string, query: Readonly<Record<string, string>>) =>
  as("admin", server).delete(`/setup/v1/channels/${id}/rows`).query(query).expect(200);

describe("200", () => {
  describe("for the row", () => {
    test("is the newest, whatever the order of arrival, with the channel", async () => {
      const id = await create([
        { time: at(3), temperature: 3 },
        { time: at(5), temperature: 5, note: "top" },
        { time: at(4), temperature: 4 },
      ]);
      const { row, age_seconds, ...channel } = await latest(id);
      expect(row).toEqual({ time: at(5), temperature: 5, humidity: null, note: "top" });
      const { body } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
      expect(channel).toEqual(body);
      expect(age_seconds).toBeCloseTo((Date.now() - Date.parse(at(5))) / 1_000, -2);
    });

    test("is the one that arrived last of those with the same time", async () => {
      const id = await create([
        { time: at(3), temperature: 1 },
        { time: at(3), temperature: 2 },
      ]);
      expect((await latest(id)).row).toMatchObject({ temperature: 2 });
      await appendRows(server, id, [{ time: at(3), temperature: 3 }]);
      expect((await latest(id)).row).toMatchObject({ temperature: 3 });
    });

    test("tells microseconds apart", async () => {
      const id = await create([
        { time: at(3, "00:00:00.000002"), temperature: 2 },
        { time: at(3, "00:00:00.000001"), temperature: 1 },
      ]);
      expect((await latest(id)).row).toMatchObject({ time: at(3, "00:00:00.000002"), temperature: 2 });
    });

    test("is null in a channel that never had one, and in one that was emptied", async () => {
      const never = await createChannel(server, { channel_schema: SCHEMA });
      expect(await latest(never)).toMatchObject({ row: null, age_seconds: null });
      const emptied = await create([{ time: at(3), temperature: 3 }]);
      await remove(emptied, { all: "true" });
      expect(await latest(emptied)).toMatchObject({ row: null, age_seconds: null, last_time: null });
      const drained = await create([{ time: at(3), temperature: 3 }]);
      await remove(drained, { from: at(1) });
      expect(await latest(drained)).toMatchObject({ row: null, age_seconds: null, last_time: null });
    });

    test("is what is left when the newest are deleted, however far back it lies", async () => {
      const id = await create([
        { time: "1990-01-01T00:00:00Z", temperature: 1 },
        { time: at(3), temperature: 3 },
        { time: at(5), temperature: 5 },
      ]);
      await remove(id, { from: at(5) });
      expect(await latest(id)).toMatchObject({ row: { time: at(3), temperature: 3 }, last_time: at(3) });
      await remove(id, { from: at(1) });
      expect(await latest(id)).toMatchObject({ row: { temperature: 1 }, last_time: "1990-01-01T00:00:00Z" });
      await appendRows(server, id, [{ time: "1980-01-01T00:00:00Z", temperature: 0 }]);
      expect(await latest(id)).toMatchObject({ row: { temperature: 1 }, last_time: "1990-01-01T00:00:00Z" });
    });

    test("has the columns that were asked for, in the order asked", async () => {
      const id = await create([{ time: at(3), temperature: 3, humidity: 30, note: "x" }]);
      const { row } = await latest(id, { columns: "note,temperature" });
      expect(JSON.stringify(row)).toBe(JSON.stringify({ time: at(3), note: "x", temperature: 3 }));
      expect((await latest(id, { columns: "time" })).row).toEqual({ time: at(3) });
    });

    test("has the new name of a column, and a column that was added since", async () => {
      const id = await create([{ time: at(3), temperature: 3, humidity: 30, note: "x" }]);
      const patch = {
        rename_columns: { temperature: "humidity", humidity: "temperature" },
        channel_schema: { wind: "optional[int]" },
      };
      await as("admin", server).patch(`/setup/v1/channels/${id}`).send(patch).expect(200);
      expect((await latest(id)).row).toEqual({ time: at(3), temperature: 30, humidity: 3, note: "x", wind: null });
      expect((await latest(id, { per_column: "true" })).columns).toEqual({
        temperature: { time: at(3), value: 30 },
        humidity: { time: at(3), value: 3 },
        note: { time: at(3), value: "x" },
        wind: null,
      });
      await as("admin", server)
        .patch(`/setup/v1/channels/${id}`)
        .send({ rename_columns: { note: "remark" } })
        .expect(200);
      expect(await refusalOf(id, "columns=note")).toMatchObject({ errors: [{ parameter: "columns", code: "unknown_column" }] });
    });

    test("is the newest of those that the filters let through", async () => {
      const id = await create([
        { time: at(1), temperature: 30 },
        { time: at(2), temperature: 10, note: "low" },
        { time: at(3), temperature: 20 },
      ]);
      expect((await latest(id, { "min[temperature]": "25" })).row).toMatchObject({ time: at(1) });
      expect((await latest(id, { "null[note]": "false" })).row).toMatchObject({ time: at(2) });
      expect((await latest(id, { "col[note]": "high" })).row).toBeNull();
    });

    test("may lie ahead, and is below zero seconds old then", async () => {
      const time = new Date(Date.now() + 3_600_000).toISOString();
      const id = await create([{ time, temperature: 1 }]);
      const { row, age_seconds } = await latest(id);
      expect(Date.parse(row.time)).toBe(Date.parse(time));
      expect(age_seconds).toBeLessThan(-3_500);
      expect((await latest(id, { as_of: "now" })).row).toBeNull();
    });
  });

  describe("as of a time", () => {
    let id: string;
    beforeAll(async () => {
      id = await create([
        { time: at(3), temperature: 3 },
        { time: at(5), temperature: 5 },
        { time: at(5, "00:00:00.000001"), temperature: 6 },
      ]);
    });

    test.each([
      [at(2), null],
      [at(3), 3],
      [at(4), 3],
      [at(5), 5],
      [at(5, "00:00:00.000001"), 6],
      ["2024-03-05T01:00:00+01:00", 5],
      ["9999-12-31T23:59:59.999999Z", 6],
      ["now", 6],
    ])("%s, inclusive, it was %s", async (asOf, temperature) => {
      expect((await latest(id, { as_of: asOf })).row?.temperature ?? null).toBe(temperature);
    });

    test("it was as old as that", async () => {
      expect(await latest(id, { as_of: at(4) })).toMatchObject({ age_seconds: 86_400 });
    });

    test("each column had what it had then", async () => {
      await appendRows(server, id, [
        { time: at(2), note: "early" },
        { time: at(6), note: "late" },
      ]);
      const { columns } = await latest(id, { as_of: at(4), per_column: "true" });
      expect(columns).toMatchObject({
        note: { time: at(2), value: "early" },
        temperature: { time: at(3), value: 3 },
        humidity: null,
      });
    });
  });

  describe("per column", () => {
    test("has the newest value of each with its time, from rows of their own", async () => {
      const id = await create([
        { time: at(1), note: "one" },
        { time: at(2), humidity: 20 },
        { time: at(2), humidity: 21 },
        { time: at(3), temperature: 3 },
      ]);
      expect(await latest(id, { per_column: "true" })).toMatchObject({
        row: { time: at(3), temperature: 3, humidity: null, note: null },
        columns: {
          temperature: { time: at(3), value: 3 },
          humidity: { time: at(2), value: 21 },
          note: { time: at(1), value: "one" },
        },
        searched_from: "2024-02-25T00:00:00Z",
      });
    });

    test("looks back as far as lookback from the newest row, inclusive, and says so", async () => {
      const id = await create([
        { time: at(1), note: "on the edge" },
        { time: at(8), temperature: 8 },
      ]);
      expect(await latest(id, { per_column: "true" })).toMatchObject({
        columns: { note: { time: at(1) } },
        searched_from: at(1),
      });
      expect(await latest(id, { per_column: "true", lookback: "PT167H59M59.999999S" })).toMatchObject({
        columns: { note: null, temperature: { value: 8 } },
        searched_from: at(1, "00:00:00.000001"),
      });
      expect(await latest(id, { per_column: "true", lookback: "1w" })).toMatchObject({ columns: { note: { time: at(1) } } });
      expect(await latest(id, { per_column: "true", lookback: "P1M" })).toMatchObject({ searched_from: "2024-02-08T00:00:00Z" });
      expect(await latest(id, { per_column: "true", lookback: "P0D" })).toMatchObject({
        columns: { note: null, temperature: { value: 8 } },
        searched_from: at(8),
      });
      expect(await latest(id, { per_column: "true", lookback: "P9999Y" })).toMatchObject({
        searched_from: "0001-01-01T00:00:00Z",
      });
    });

    test("finds what lies many chunks back", async () => {
      const id = await create([
        { time: "1970-06-01T00:00:00Z", note: "old" },
        { time: "2001-06-01T00:00:00Z", humidity: 1 },
        { time: at(8), temperature: 8 },
      ]);
      const { columns } = await latest(id, { per_column: "true", lookback: "P100Y" });
      expect(columns).toEqual({
        temperature: { time: at(8), value: 8 },
        humidity: { time: "2001-06-01T00:00:00Z", value: 1 },
        note: { time: "1970-06-01T00:00:00Z", value: "old" },
      });
    });

    test("counts only rows that the filters let through", async () => {
      const id = await create([
        { time: at(1), temperature: 1, note: "calibrated" },
        { time: at(2), temperature: 2, humidity: 2 },
      ]);
      const found = await latest(id, { per_column: "true", "col[note]": "calibrated" });
      expect(found).toMatchObject({ row: { time: at(1) }, columns: { temperature: { value: 1 }, humidity: null } });
    });

    test("shows the columns that were asked for, and nothing where there is no row", async () => {
      const id = await create([{ time: at(1), temperature: 1, note: "x" }]);
      expect((await latest(id, { per_column: "true", columns: "note" })).columns).toEqual({ note: { time: at(1), value: "x" } });
      expect((await latest(id, { per_column: "true", columns: "time" })).columns).toEqual({});
      await remove(id, { all: "true" });
      expect(await latest(id, { per_column: "true" })).toMatchObject({
        row: null,
        columns: { temperature: null, humidity: null, note: null },
        searched_from: null,
      });
      expect(await latest(id)).not.toHaveProperty("columns");
    });

    test("finds 256 columns, the last of them far back, by few statements", async () => {
      const names = Array.from({ length: 256 }, (_, index) => `c${index}`);
      const id = await createChannel(server, {
        channel_schema: Object.fromEntries(names.map((name) => [name, "optional[float]"])),
      });
      await appendRows(
        server,
        id,
        names.map((name, index) => ({ time: new Date(Date.parse(at(8)) - index * 3_600_000).toISOString(), [name]: index })),
      );
      const statements = watchStatements(server);
      const { columns } = await latest(id, { per_column: "true", lookback: "P1M" });
      expect(names.map((name) => columns[name]?.value)).toEqual(names.map((_, index) => index));
      expect(statements.length).toBeLessThan(40);
    });
  });

  test("has values of every type as a page of rows has them", async () => {
    const types = { s: "str", i: "int", l: "int64", f: "float", b: "bool", u: "uuid", d: "datetime", o: "dict", a: "list" };
    const values = {
      s: 'a\n"b"\\ \u2028',
      i: -9_007_199_254_740_991,
      l: "-9223372036854775808",
      f: 0.1,
      b: false,
      u: "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10",
      d: "2024-03-01T00:00:00.000001Z",
      o: { a: { b: [1, null, "x\ny"] } },
      a: [1, "two", null, { three: 3 }],
    };
    const id = await createChannel(server, { channel_schema: types });
    await appendRows(server, id, [{ time: at(1), ...values }]);
    const { row, columns } = await latest(id, { per_column: "true" });
    expect(row).toEqual({ time: at(1), ...values });
    expect(columns).toEqual(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { time: at(1), value }])));
  });

  test("is never less than an append that was answered before, while others append and delete", async () => {
    const id = await create([{ time: at(2), temperature: 0 }]);
    const progress = { stored: 0 };
    const timeOf = (count: number) => new Date(Date.parse(at(2)) + count * 1_000).toISOString();
    const append = async () => {
      for (let count = 1; count <= 40; count++) {
        await appendRows(server, id, [{ time: timeOf(count), temperature: count }]);
        progress.stored = count;
        await remove(id, { to: timeOf(count) });
      }
    };
    const watch = async () => {
      while (progress.stored < 40) {
        const least = progress.stored;
        const { row } = await latest(id);
        expect(row.temperature).toBeGreaterThanOrEqual(least);
      }
    };
    await Promise.all([append(), watch(), watch()]);
  });

  test("goes to every role, and within its limits to a limited key", async () => {
    const id = await create([{ time: at(1), temperature: 1 }]);
    for (const role of ["writer", "admin"] as const) {
      await as(role, server).get(`/api/v1/channels/${id}/latest`).expect(200);
    }
    const { key } = await createKey(server, { lane: "reader", channels: [id] });
    expect((await bearer(server, key).get(`/api/v1/channels/${id}/latest`).expect(200)).body.row).toMatchObject({
      temperature: 1,
    });
    const other = await create([{ time: at(1), temperature: 1 }]);
    const { body } = await bearer(server, key).get(`/api/v1/channels/${other}/latest`).expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});

describe("400", () => {
  let id: string;
  beforeAll(async () => {
    id = await create();
  });

  test.each([
    ["columns=pressure", "columns", "unknown_column"],
    ["columns=temperature,,note", "columns", "unknown_column"],
    ["min[pressure]=1", "min[pressure]", "unknown_column"],
    ["min[note]=1", "min[note]", "wrong_type"],
    ["as_of=yesterday", "as_of", "not_a_time"],
    ["as_of=2024-03-01", "as_of", "not_a_time"],
    ["per_column=true&lookback=week", "lookback", "not_a_duration"],
    ["per_column=true&lookback=-P1D", "lookback", "not_a_duration"],
    ["lookback=P1D", "lookback", "not_without_per_column"],
    ["per_column=false&lookback=P1D", "lookback", "not_without_per_column"],
  ])("tells the place of the fault in %s", async (query, parameter, code) => {
    const body = await refusalOf(id, query);
    expect(body).toMatchObject({ code: "query_invalid", errors: [{ parameter, code }] });
    expect(body.detail).toContain(`${parameter}: `);
  });

  test.each(["per_column=1", "per_column=", "from=now", "limit=1", "max_age=P1D", "as_of=now&as_of=now", "lookback="])(
    "refuses %s by the contract",
    async (query) => {
      expect(await refusalOf(id, query)).toMatchObject({ code: "request_invalid" });
    },
  );
});

describe("404", () => {
  test("is there for a channel that is not", async () => {
    expect(await refusalOf(ABSENT, "", 404)).toMatchObject({ code: "channel_not_found" });
    const id = await create();
    await as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200);
    expect(await refusalOf(id, "", 404)).toMatchObject({ code: "channel_not_found" });
  });
});
