import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel, createFilledChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { bearer, createKey } from "../../support/identity.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { walkPages } from "../../support/pages.ts";
import { watchStatements } from "../../support/statements.ts";
import { useTestServer } from "../../support/use-test-server.ts";

type Entry = {
  readonly channel_id: string;
  readonly name: string | null;
  readonly tags: Readonly<Record<string, unknown>>;
  readonly row: Readonly<Record<string, unknown>> | null;
  readonly age_seconds: number | null;
  readonly stale: boolean;
  readonly missing_columns?: readonly string[];
};

const TIME = "2024-03-01T00:00:00Z";

const server = useTestServer();

let group = 0;
/** Tags that no other test has. */
const newTags = () => ({ group: `g${(group += 1)}` });
const filterOf = (tags: { group: string }) => ({ tags: `group:${tags.group}` });

async function list(query: Readonly<Record<string, string>>, key?: string): Promise<Entry[]> {
  const caller = key === undefined ? as("reader", server) : bearer(server, key);
  const { body } = await caller.get("/api/v1/latest").query(query).expect(200);
  return body;
}

const create = (tags: object, schema: Readonly<Record<string, string>>, rows: readonly object[] = []) =>
  createFilledChannel(server, { name: crypto.randomUUID(), channel_schema: schema, tags, rows });

const remove = (id: string, query: Readonly<Record<string, string>>) =>
  as("admin", server).delete(`/setup/v1/channels/${id}/rows`).query(query).expect(200);

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

describe("200", () => {
  test("has one entry for each channel that matches, in order of creation, with its name, its tags and its newest row", async () => {
    const tags = newTags();
    const ids = [
      await create(tags, { temperature: "float" }, [
        { time: TIME, temperature: 1 },
        { time: "2024-03-02T00:00:00Z", temperature: 2 },
      ]),
      await create({ ...tags, floor: 3 }, { state: "str", count: "int" }, [{ time: TIME, state: "on", count: 7 }]),
      await create(tags, { temperature: "float" }),
      await create(tags, { other: "float" }, [{ time: "1999-01-01T00:00:00Z", other: 9 }]),
    ];
    await create(newTags(), { temperature: "float" }, [{ time: TIME, temperature: 99 }]);
    const found = await list(filterOf(tags));
    expect(found.map(({ channel_id }) => channel_id)).toEqual(ids);
    expect(found.map(({ row }) => row)).toEqual([
      { time: "2024-03-02T00:00:00Z", temperature: 2 },
      { time: TIME, state: "on", count: 7 },
      null,
      { time: "1999-01-01T00:00:00Z", other: 9 },
    ]);
    expect(found[1]).toMatchObject({ tags: { ...tags, floor: 3 }, name: expect.any(String) });
    expect(found[2]).toMatchObject({ row: null, age_seconds: null, stale: true });
  });

  test("has for each channel what getLatest has, in columns of every type and whatever their order", async () => {
    const types = { s: "str", i: "int", l: "int64", f: "float", b: "bool", u: "uuid", d: "datetime", o: "dict", a: "list" };
    const values = {
      s: 'a\n"b"\\ \u2028',
      i: -9_007_199_254_740_991,
      l: "-9223372036854775808",
      f: 1e-7,
      b: false,
      u: "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10",
      d: "2024-03-01T00:00:00.000001Z",
      o: { a: { b: [1, null, "x\ny"] } },
      a: [1, "two", null, { three: 3 }],
    };
    const tags = newTags();
    const optional = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, `optional[${type}]`]));
    const ids = [
      await create(tags, types, [{ time: TIME, ...values }]),
      // The same slots in another order: what is an int here is an int64 there.
      await create(tags, Object.fromEntries(Object.entries(types).toReversed()), [{ time: TIME, ...values }]),
      await create(tags, optional, [{ time: TIME }]),
      await create(tags, { ...types, l: "int", i: "int64" }, [{ time: TIME, ...values, l: 1, i: "2" }]),
    ];
    const found = await list(filterOf(tags));
    expect(found[0]?.row).toEqual({ time: TIME, ...values });
    for (const [index, id] of ids.entries()) {
      const { body } = await as("reader", server).get(`/api/v1/channels/${id}/latest`).expect(200);
      expect(JSON.stringify(found[index]?.row)).toBe(JSON.stringify(body.row));
    }
  });

  test("takes the row that arrived last of those with the same time", async () => {
    const tags = newTags();
    const id = await create(tags, { value: "int" }, [
      { time: TIME, value: 1 },
      { time: TIME, value: 2 },
    ]);
    expect((await list(filterOf(tags)))[0]?.row).toMatchObject({ value: 2 });
    await appendRows(server, id, [{ time: TIME, value: 3 }]);
    expect((await list(filterOf(tags)))[0]?.row).toMatchObject({ value: 3 });
  });

  test("finds what is left when the newest rows are deleted, and nothing in a channel that was emptied", async () => {
    const tags = newTags();
    const rows = [
      { time: "1990-01-01T00:00:00Z", value: 1 },
      { time: TIME, value: 2 },
      { time: "2024-03-05T00:00:00Z", value: 3 },
    ];
    const ids = [await create(tags, { value: "int" }, rows), await create(tags, { value: "int" }, rows)];
    const values = async () => (await list(filterOf(tags))).map(({ row }) => row?.["value"] ?? null);
    await remove(ids[0] ?? "", { from: "2024-03-05T00:00:00Z" });
    expect(await values()).toEqual([2, 3]);
    await remove(ids[0] ?? "", { "min[value]": "2" });
    await remove(ids[1] ?? "", { "col[value]": "3" });
    expect(await values()).toEqual([1, 2]);
    await remove(ids[0] ?? "", { all: "true" });
    await remove(ids[1] ?? "", { to: "2030-01-01T00:00:00Z" });
    expect(await values()).toEqual([null, null]);
    await appendRows(server, ids[1] ?? "", [{ time: "1980-01-01T00:00:00Z", value: 4 }]);
    // Emptied by all=true, the channel has moved behind those that were made before.
    expect((await values()).toSorted()).toEqual([4, null]);
  });

  test("calls a row stale that is older than max_age, five minutes by default", async () => {
    const tags = newTags();
    for (const age of [-60, 60, 290, 310, 4_000, 400 * 86_400])
      await create(tags, { value: "int" }, [{ time: ago(age), value: age }]);
    const staleOf = async (query: Readonly<Record<string, string>> = {}) =>
      (await list({ ...filterOf(tags), ...query })).map(({ stale }) => stale);
    expect(await staleOf()).toEqual([false, false, false, true, true, true]);
    expect(await staleOf({ max_age: "PT1H" })).toEqual([false, false, false, false, true, true]);
    expect(await staleOf({ max_age: "2h" })).toEqual([false, false, false, false, false, true]);
    expect(await staleOf({ max_age: "1mo" })).toEqual([false, false, false, false, false, true]);
    expect(await staleOf({ max_age: "P2Y" })).toEqual([false, false, false, false, false, false]);
    expect(await staleOf({ max_age: "0s" })).toEqual([false, true, true, true, true, true]);
    const ages = (await list(filterOf(tags))).map(({ age_seconds }) => age_seconds ?? Number.NaN);
    for (const [index, age] of [-60, 60, 290].entries()) expect(Math.abs((ages[index] ?? 0) - age)).toBeLessThan(30);
  });

  test("shows the columns that were asked for, and says which of them a channel has not", async () => {
    const tags = newTags();
    await create(tags, { temperature: "float", note: "str" }, [{ time: TIME, temperature: 1, note: "x" }]);
    await create(tags, { note: "str", humidity: "float" }, [{ time: TIME, note: "y", humidity: 2 }]);
    await create(tags, { humidity: "float" }, [{ time: TIME, humidity: 3 }]);
    const found = await list({ ...filterOf(tags), columns: "note,temperature" });
    expect(found.map(({ row, missing_columns }) => [row, missing_columns])).toEqual([
      [{ time: TIME, temperature: 1, note: "x" }, undefined],
      [{ time: TIME, note: "y" }, ["temperature"]],
      [{ time: TIME }, ["note", "temperature"]],
    ]);
    expect((await list({ ...filterOf(tags), columns: "time" })).map(({ row }) => row)).toEqual([
      { time: TIME },
      { time: TIME },
      { time: TIME },
    ]);
  });

  test("has columns by their new names", async () => {
    const tags = newTags();
    const id = await create(tags, { temperature: "float", note: "str" }, [{ time: TIME, temperature: 1, note: "x" }]);
    await as("admin", server)
      .patch(`/setup/v1/channels/${id}`)
      .send({ rename_columns: { temperature: "air" }, channel_schema: { wind: "optional[float]" } })
      .expect(200);
    expect((await list(filterOf(tags)))[0]?.row).toEqual({ time: TIME, air: 1, note: "x", wind: null });
    expect((await list({ ...filterOf(tags), columns: "temperature" }))[0]?.missing_columns).toEqual(["temperature"]);
  });

  test("finds channels by name and by tags, all of which have to match", async () => {
    const tags = newTags();
    const name = `latest "ä" & more`;
    const id = await createChannel(server, { name, tags: { ...tags, rooms: ["lab", "a:b"] }, channel_schema: { value: "int" } });
    await create(tags, { value: "int" });
    const idsOf = (entries: readonly Entry[]) => entries.map(({ channel_id }) => channel_id);
    expect(idsOf(await list({ name }))).toEqual([id]);
    expect(idsOf(await list({ ...filterOf(tags), name }))).toEqual([id]);
    expect(idsOf(await list({ tags: "rooms:a:b" }))).toEqual([id]);
    expect(await list({ tags: "group:nobody", name })).toEqual([]);
    expect(await list({ name: "nobody" })).toEqual([]);
  });

  test("leads through all pages by Link, whatever stands in the names and tags of the query", async () => {
    const label = `a&b=c+d %25 "ä" 😀`;
    for (let index = 0; index < 5; index++) await create({ label }, { value: "int" }, [{ time: TIME, value: index }]);
    const start = `/api/v1/latest?limit=2&columns=value&max_age=1h&tags=${encodeURIComponent(`label:${label}`)}`;
    const pages = await walkPages<Entry>(server, start);
    expect(pages.map((page) => page.map(({ row }) => row?.["value"]))).toEqual([[0, 1], [2, 3], [4]]);
  });

  test("is seen by a limited key as far as its limits reach", async () => {
    const tags = newTags();
    const ids = [
      await create({ ...tags, open: true }, { value: "int" }),
      await create(tags, { value: "int" }),
      await create({ ...tags, open: true }, { value: "int" }),
    ];
    const byTag = await createKey(server, { lane: "reader", tags: ["open:true", `group:${tags.group}`] });
    const byChannel = await createKey(server, { lane: "reader", channels: ids.slice(0, 2) });
    const idsOf = async (key: string, query = {}) => (await list(query, key)).map(({ channel_id }) => channel_id);
    expect(await idsOf(byTag.key)).toEqual([ids[0], ids[2]]);
    expect(await idsOf(byChannel.key)).toEqual(ids.slice(0, 2));
    expect(await idsOf(byChannel.key, { tags: "open" })).toEqual(ids.slice(0, 1));
    for (const role of ["writer", "admin"] as const) await as(role, server).get("/api/v1/latest?limit=1").expect(200);
  });

  test("is never less than an append that was answered before, while others append and delete", async () => {
    const tags = newTags();
    const start = Date.parse(TIME);
    const timeOf = (count: number) => new Date(start + count * 86_400_000).toISOString();
    const id = await create(tags, { count: "int" }, [{ time: timeOf(0), count: 0 }]);
    const progress = { stored: 0 };
    const append = async () => {
      for (let count = 1; count <= 30; count++) {
        await appendRows(server, id, [{ time: timeOf(count), count }]);
        progress.stored = count;
        await remove(id, { to: timeOf(count) });
      }
    };
    const watch = async () => {
      while (progress.stored < 30) {
        const least = progress.stored;
        const [entry] = await list(filterOf(tags));
        expect(entry?.row?.["count"]).toBeGreaterThanOrEqual(least);
      }
    };
    await Promise.all([append(), watch(), watch()]);
  });
});

describe("400", () => {
  let cursor: string;
  const tags = newTags();
  beforeAll(async () => {
    for (let index = 0; index < 2; index++) await create(tags, { value: "int" });
    const { headers } = await as("reader", server).get(`/api/v1/latest?limit=1&tags=group:${tags.group}`).expect(200);
    cursor = /cursor=([^&>]+)/.exec(headers["link"] ?? "")?.[1] ?? "";
  });

  test.each([
    ["max_age=soon", "max_age", "not_a_duration"],
    ["max_age=PT", "max_age", "not_a_duration"],
    ["max_age=-5m", "max_age", "not_a_duration"],
    ["max_age=5", "max_age", "not_a_duration"],
    ["columns=a,,b", "columns", "bad_name"],
    ["columns=a[0]", "columns", "bad_name"],
    ["columns=received_at", "columns", "reserved_name"],
    ["cursor=x", "cursor", "bad_cursor"],
    ["name=%00", "name", "not_storable"],
  ])("tells the place of the fault in %s", async (query, parameter, code) => {
    const { body } = await as("reader", server).get(`/api/v1/latest?${query}`).expect(400);
    expect(body).toMatchObject({ code: "query_invalid", errors: [{ parameter, code }] });
  });

  test.each([
    "limit=0",
    "limit=1001",
    "as_of=now",
    "per_column=true",
    "lookback=P1D",
    "min[value]=1",
    "metadata=a:b",
    "max_age=",
    "max_age=1d&max_age=1d",
  ])("refuses %s by the contract", async (query) => {
    const { body } = await as("reader", server).get(`/api/v1/latest?${query}`).expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });

  test.each(["", "&columns=value", "&max_age=1h"])("refuses the cursor of another query, %j", async (other) => {
    const filter = other === "" ? "" : `&tags=group:${tags.group}`;
    const { body } = await as("reader", server).get(`/api/v1/latest?cursor=${cursor}${filter}${other}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
    await as("reader", server).get(`/api/v1/latest?cursor=${cursor}&tags=group:${tags.group}`).expect(200);
  });
});

test("refuses the cursor of a list of channels, which says where another list ended", async () => {
  const { headers } = await as("reader", server).get("/api/v1/channels?limit=1").expect(200);
  const other = /cursor=([^&>]+)/.exec(headers["link"] ?? "")?.[1] ?? "";
  const { body } = await as("reader", server).get(`/api/v1/latest?cursor=${other}`).expect(400);
  expect(body).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
});

describe("statements", () => {
  test("do not grow with the channels of a series table, nor with their schemas", async () => {
    const [few, many] = [newTags(), newTags()];
    for (let index = 0; index < 2; index++) await create(few, { [`a${index}`]: "float" }, [{ time: TIME, [`a${index}`]: 1 }]);
    for (let index = 0; index < 40; index++)
      await create(many, { [`b${index}`]: "float" }, [{ time: ago(index * 40 * 86_400), [`b${index}`]: index }]);
    const onRows = async (tags: { group: string }, entries: number) => {
      const statements = watchStatements(server);
      expect(await list(filterOf(tags))).toHaveLength(entries);
      return statements.filter((text) => text.includes('from "series".')).length;
    };
    expect(await onRows(few, 2)).toBe(1);
    expect(await onRows(many, 40)).toBe(1);
    await create(many, { b39: "int" }, [{ time: TIME, b39: 39 }]);
    expect(await onRows(many, 41)).toBe(2);
    const found = (await list(filterOf(many))).slice(0, 40);
    expect(found.map(({ row }, index) => row?.[`b${index}`])).toEqual([...Array(40).keys()]);
  });

  test("are as few for 1,000 channels, in one page or in four", async () => {
    const tags = newTags();
    await create(tags, { value: "float" }, [{ time: TIME, value: 0 }]);
    await asOwner(server.context, async (owner) => {
      const copies = `
        insert into kronicle.channel (series_table, columns, channel_schema, density, tags)
        select c.series_table, c.columns, c.channel_schema, c.density, c.tags
        from kronicle.channel c, generate_series(1, 999) n
        where c.tags = '${JSON.stringify(tags)}'
      `;
      await owner.query(statement(copies));
      const [table] = await owner.anyFirst(
        statement(`
          select distinct t.table_name from kronicle.channel c join kronicle.series_table t on t.id = c.series_table
          where c.tags = '${JSON.stringify(tags)}'
        `),
      );
      const mine = `from kronicle.channel c where c.tags = '${JSON.stringify(tags)}' and not exists (select from kronicle.channel_stats s where s.channel = c.id)`;
      await owner.query(statement(`insert into series.${table} (_channel, time, float8_1) select c.id, '${TIME}', c.id ${mine}`));
      await owner.query(statement(`insert into kronicle.channel_stats select c.id, 0, 1, '${TIME}', '${TIME}' ${mine}`));
    });
    const statements = watchStatements(server);
    const pages = await walkPages<Entry>(server, `/api/v1/latest?limit=300&tags=group:${tags.group}`);
    expect(pages.map(({ length }) => length)).toEqual([300, 300, 300, 100]);
    expect(pages.flat().every(({ row }) => typeof row?.["value"] === "number")).toBe(true);
    expect(statements.filter((text) => text.includes('from "series".'))).toHaveLength(4);
    expect((await list(filterOf(tags))).map(({ row }) => row)).toEqual(pages.flat().map(({ row }) => row));
    expect(statements.filter((text) => text.includes('from "series".'))).toHaveLength(5);
  });
});
