import { beforeEach, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
let id = "";
const patch = (body: object) => as("admin", server).patch(`/setup/v1/channels/${id}`).send(body);
const rows = async () => (await as("reader", server).get(`/api/v1/channels/${id}/rows?sort=time`).expect(200)).body.rows;
const append = (row: object) =>
  as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .send({ rows: [row] });

beforeEach(async () => {
  const { body } = await as("admin", server)
    .post("/setup/v1/channels")
    .send({
      channel_schema: { temp: "float", hum: "float", note: "optional[str]" },
      column_info: { temp: { unit: "Cel" }, hum: { unit: "%" } },
    })
    .expect(201);
  id = body.channel_id;
  await append({ time: "2024-03-01T00:00:00Z", temp: 1, hum: 2, note: "x" }).expect(200);
});

describe("renamed columns", () => {
  test("keep their rows and their place, take column_info along, and are appended to by the new name only", async () => {
    const { body } = await patch({ rename_columns: { temp: "air temperature" } }).expect(200);
    expect(Object.keys(body.channel_schema)).toEqual(["time", "air temperature", "hum", "note"]);
    expect(body.column_info).toEqual({ "air temperature": { unit: "Cel" }, hum: { unit: "%" } });
    await append({ time: "2024-03-02T00:00:00Z", temp: 3, hum: 4 }).expect(400);
    await append({ time: "2024-03-02T00:00:00Z", "air temperature": 3, hum: 4 }).expect(200);
    expect(await rows()).toEqual([
      { time: "2024-03-01T00:00:00Z", "air temperature": 1, hum: 2, note: "x" },
      { time: "2024-03-02T00:00:00Z", "air temperature": 3, hum: 4, note: null },
    ]);
  });

  test("may change names with each other, or differ in case only", async () => {
    await patch({ rename_columns: { temp: "hum", hum: "temp", note: "NOTE" } }).expect(200);
    expect(await rows()).toEqual([{ time: "2024-03-01T00:00:00Z", hum: 1, temp: 2, NOTE: "x" }]);
  });

  test("come before the new schema and column_info of the same request", async () => {
    const { body } = await patch({
      rename_columns: { temp: "t" },
      channel_schema: { t: "optional[float]", more: "optional[int]" },
      column_info: { t: { description: "air" } },
    }).expect(200);
    expect(body.channel_schema).toMatchObject({ t: "optional[float]", more: "optional[int]" });
    expect(body.column_info.t).toEqual({ unit: "Cel", description: "air" });
    expect((await rows())[0].t).toBe(1);
  });

  test.each([
    ["a column that is not there", { temperature: "t" }, "/rename_columns/temperature", "unknown_column"],
    ["the time", { time: "t" }, "/rename_columns/time", "unknown_column"],
    ["a name that is taken", { temp: "hum" }, "/rename_columns", "duplicate_name"],
    ["a name that is taken in another case", { hum: "TEMP" }, "/rename_columns/hum", "duplicate_name"],
    ["one name for two", { temp: "x", hum: "x" }, "/rename_columns/hum", "duplicate_name"],
    ["a reserved name", { temp: "received_at" }, "/rename_columns/temp", "reserved_name"],
    ["a name that no column may have", { temp: "a\u001b[2J" }, "/rename_columns/temp", "bad_name"],
  ])("are refused: %s", async (_what, rename_columns, pointer, code) => {
    const { body } = await patch({ rename_columns }).expect(400);
    expect(body).toMatchObject({ code: "schema_invalid", errors: [{ pointer, code }] });
    expect((await rows())[0]).toHaveProperty("temp", 1);
  });

  test.each([
    ["a path into documents", { temp: "doc.a" }, "/rename_columns/temp"],
    ["documents that another name is a path into", { doc: "n" }, "/rename_columns/doc"],
  ])("are refused when they would be ambiguous: %s", async (_what, rename_columns, pointer) => {
    await patch({ channel_schema: { doc: "optional[dict]", "n.a": "optional[int]" } }).expect(200);
    const { body } = await patch({ rename_columns }).expect(400);
    expect(body).toMatchObject({ code: "schema_invalid", errors: [{ pointer, code: "ambiguous_name" }] });
  });

  test("of a channel that others append to lose no row, and none lies under another column", async () => {
    const appends = Promise.all(
      Array.from({ length: 20 }, (_, n) => append({ time: `2024-04-01T00:00:${String(n).padStart(2, "0")}Z`, temp: 7, hum: 8 })),
    );
    await patch({ rename_columns: { temp: "hum", hum: "temp" } }).expect(200);
    const stored = (await appends).filter(({ status }) => status === 200).length;
    const found = await rows();
    expect(found).toHaveLength(1 + stored);
  });
});
