/** Columns whose names are strange or too much alike, and more of them than anybody needs. */
import { describe, expect, test } from "vitest";
import { appendBody, createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

type Schema = Record<string, string>;

function create(channel_schema: Schema) {
  return as("admin", server).post("/setup/v1/channels").send({ channel_schema });
}

function read(id: string, query: string) {
  return as("reader", server).get(`/api/v1/channels/${id}/rows?${query}`);
}

const columnsOf = (count: number, type = "float"): Schema =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`column ${index}`, type]));

describe("names of columns", () => {
  test.each([
    ["a quote", '"'],
    ["a semicolon", "a; drop table kronicle.channel"],
    ["a line break", "a\nb"],
    ["a mark that turns the writing round", "a\u{200f}b"],
    ["an override of the direction", "a\u{202e}b"],
    ["a joiner", "a\u{200d}b"],
    ["a space without width", "a\u{200b}b"],
    ["half of a surrogate pair", "a\u{d800}"],
    ["an emoji", "🌡"],
    ["a combining letter that has a form of its own", "cafe\u{301}"],
    ["a minus in front", "-a"],
    ["a comma", "a,b"],
    ["brackets", "a[b]"],
    ["nothing", ""],
    ["129 characters", "a".repeat(129)],
    ["received_at in another case", "Received_At"],
  ])("refuses one with %s", async (_what, name) => {
    const { body } = await create({ value: "float", [name]: "float" }).expect(400);
    expect(["request_invalid", "schema_invalid"]).toContain(body.code);
    expect(body.errors[0].pointer).toMatch(/^\/channel_schema/);
  });

  test.each([
    ["in case", "Temperature", "temperature"],
    ["in the case of other scripts", "ΟΔΟΣ", "οδος"],
    ["in a sign that folds to a letter", "\u{17f}", "s"],
    ["in micro and mu", "\u{b5}m", "\u{3bc}m"],
  ])("refuses two that differ only %s", async (_what, name, twin) => {
    const { body } = await create({ [name]: "float", [twin]: "float" }).expect(400);
    expect(body).toMatchObject({ code: "schema_invalid", errors: [{ pointer: `/channel_schema/${twin}` }] });
  });

  test("takes what an SQL identifier could not be, and tells every one apart", async () => {
    const long = "x".repeat(63);
    const names = [
      ..."select from end all user order row_id _row _channel float8_1 s p n k0 % ° a/b (a) a-b a.b . .. .a a. time.x".split(" "),
      "a b",
      "100 %",
      // The same in their first 63 characters, and in their first 63 bytes.
      `${long}a`,
      `${long}b`,
      `${"温".repeat(22)}a`,
      `${"温".repeat(22)}b`,
      // A Latin, a Cyrillic and a Greek letter that look alike.
      "a",
      "а",
      "α",
    ];
    const id = await createChannel(server, { channel_schema: Object.fromEntries(names.map((name) => [name, "int"])) });
    const row = Object.fromEntries(names.map((name, index) => [name, index]));
    expect(await appendBody(server, id, JSON.stringify({ rows: [{ time: "2024-03-01T00:00:00Z", ...row }] }))).toMatchObject({
      status: 200,
    });
    for (const [index, name] of names.entries()) {
      const query = new URLSearchParams({ [`col[${name}]`]: String(index), columns: name, sort: `-${name}` });
      const { body } = await read(id, query.toString()).expect(200);
      expect(body.rows).toEqual([{ time: "2024-03-01T00:00:00Z", [name]: index }]);
    }
  });
});

describe("width", () => {
  test.each([257, 1_100, 1_601])("refuses %i columns", async (count) => {
    const { body } = await create(columnsOf(count)).expect(400);
    expect(body.errors[0].pointer).toBe("/channel_schema");
  });

  test("refuses the 257th that is added later", async () => {
    const id = await createChannel(server, { channel_schema: columnsOf(255) });
    expect(
      await appendBody(
        server,
        id,
        JSON.stringify({ rows: [Object.fromEntries(Object.keys(columnsOf(255)).map((name) => [name, 1]))] }),
      ),
    ).toMatchObject({
      status: 200,
    });
    const add = (name: string) =>
      as("admin", server)
        .patch(`/setup/v1/channels/${id}`)
        .send({ channel_schema: { [name]: "optional[float]" } });
    await add("the 256th").expect(200);
    const { body } = await add("the 257th").expect(409);
    expect(body).toMatchObject({
      code: "schema_conflict",
      errors: [{ pointer: "/channel_schema/the 257th", code: "too_many_columns" }],
    });
  });

  test("takes 256 columns with a filter on each, sorted by 32 of them", async () => {
    const names = Object.keys(columnsOf(256));
    const id = await createChannel(server, { channel_schema: columnsOf(256) });
    const row = Object.fromEntries(names.map((name, index) => [name, index / 8]));
    expect(await appendBody(server, id, JSON.stringify({ rows: [row, row] }))).toMatchObject({ status: 200 });
    const query = new URLSearchParams({ columns: names.join(","), sort: names.slice(0, 32).join(","), limit: "1" });
    for (const [index, name] of names.entries()) query.append(`min[${name}]`, String(index / 8));
    const { body } = await read(id, query.toString()).expect(200);
    expect(body.rows).toMatchObject([row]);
    const { body: next } = await read(id, `${query.toString()}&cursor=${body.next_cursor}`).expect(200);
    expect(next).toMatchObject({ rows: [row], has_more: false });
    const { body: refused } = await read(id, `sort=${names.slice(0, 33).join(",")}`).expect(400);
    expect(refused).toMatchObject({ errors: [{ parameter: "sort", code: "too_many" }] });
  });

  test("takes 70,000 rows in one request, and 3,000 values in one filter", async () => {
    const id = await createChannel(server, { channel_schema: { value: "int" } });
    const rows = Array.from({ length: 70_000 }, (_, value) => ({ time: "2024-03-01T00:00:00Z", value }));
    expect(await appendBody(server, id, JSON.stringify({ rows }))).toMatchObject({
      status: 200,
      body: { available_rows: 70_000 },
    });
    const wanted = Array.from({ length: 3_000 }, (_, index) => index * 20);
    const { body } = await read(id, `any[value]=${wanted.join(",")}&sort=value&limit=10000`).expect(200);
    expect(body.rows.map(({ value }: { value: number }) => value)).toEqual(wanted);
  });

  test("names no more than 100 of 70,000 unknown columns of one row", async () => {
    const id = await createChannel(server, { channel_schema: columnsOf(256) });
    const row = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`wrong ${index}`, 1]));
    const { body } = await as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [row] })
      .expect(400);
    expect(body.errors).toHaveLength(100);
  });
});
