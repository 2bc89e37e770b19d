/** Files of rows that are small to send, and would be dear to read. */
import { beforeAll, describe, expect, test } from "vitest";
import { appendBody, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const MEGABYTE = 1024 * 1024;
const CSV = { "Content-Type": "text/csv" };

const server = useTestServer({ maxCells: 10_000 });
let id: string;
beforeAll(async () => {
  const channel_schema = { note: "optional[str]", at: "optional[datetime]", list: "optional[list]", meter: "optional[int64]" };
  id = await createChannel(server, { channel_schema });
});

const post = (body: string, headers: Record<string, string> = CSV) => appendBody(server, id, body, headers);

// Each took from seconds to half an hour of the event loop, and the test its time limit.
test("a time with a million digits is refused", async () => {
  const time = `2024-03-01T00:00:00.${"0".repeat(MEGABYTE)}1Z`;
  const json = await post(JSON.stringify({ rows: [{ time }] }), { "Content-Type": "application/json" });
  expect(json).toMatchObject({ status: 400, body: { errors: [{ pointer: "/rows/0/time", code: "not_a_time" }] } });
  const csv = await post(`time,at\n2024-03-01T00:00:00Z,${time}\n`);
  expect(csv).toMatchObject({ status: 400, body: { errors: [{ pointer: "/rows/0/at" }] } });
});

describe("a quoted field", () => {
  test("of two million quotes is one text of a million", async () => {
    const { status } = await post(`time,note\n2024-03-01T00:00:00Z,"${'""'.repeat(MEGABYTE)}"\n`);
    expect(status).toBe(200);
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows?limit=1`).expect(200);
    expect(body.rows[0].note === '"'.repeat(MEGABYTE)).toBe(true);
  });

  test("of a million lines is counted by its lines", async () => {
    const { body } = await post(`time,note\n2024-03-01T00:00:00Z,"${"\n".repeat(MEGABYTE)}"\n2024-03-01T00:00:00Z,a,b\n`);
    expect(body).toMatchObject({ code: "body_malformed", detail: expect.stringContaining(`line ${MEGABYTE + 3}`) });
  });
});

test("values in documents of CSV are counted as those of JSON are", async () => {
  const list = JSON.stringify(Array.from({ length: 10_000 }, () => ({})));
  expect(await post(`time,list\n2024-03-01T00:00:00Z,"${list}"\n`)).toMatchObject({
    status: 413,
    body: { code: "body_too_large" },
  });
});

describe("keys beyond those that a row can need", () => {
  // Each takes a value, too, of which this server takes as many as any does by itself.
  const roomy = useTestServer();
  let dicts: string;
  beforeAll(async () => {
    dicts = await createChannel(roomy, { channel_schema: { document: "dict" } });
  });
  const document = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, 1])));
  const row = (count: number) => `{"time":"2024-03-01T00:00:00Z","document":${document(count)}}`;
  const csvRow = (count: number) => `2024-03-01T00:00:00Z,"${document(count).replaceAll('"', '""')}"\n`;
  const send = (body: string, type: string) => appendBody(roomy, dicts, body, { "Content-Type": type });

  test.each([
    ["application/json", (counts: number[]) => `{"rows":[${counts.map(row).join()}]}`],
    ["application/x-ndjson", (counts: number[]) => counts.map(row).join("\n")],
    ["text/csv", (counts: number[]) => `time,document\n${counts.map(csvRow).join("")}`],
  ])("are counted in %s, for objects of a million of them block all others", async (type, write) => {
    const refused = { status: 413, body: { code: "body_too_large", detail: expect.stringContaining("100000") } };
    expect(await send(write([110_000]), type)).toMatchObject(refused);
    expect(await send(write([60_000, 60_000]), type)).toMatchObject(refused);
    expect(await send(write([90_000]), type)).toMatchObject({ status: 200 });
    expect(await send(write(Array<number>(300).fill(400)), type)).toMatchObject({ status: 200 });
  });

  test("are counted outside of the rows as well", async () => {
    const body = `{"rows":[],${document(200_000).slice(1)}`;
    expect(await send(body, "application/json")).toMatchObject({ status: 413 });
  });
});

test("a header line of one name of megabytes is not repeated", async () => {
  const { status, body } = await post("x".repeat(3 * MEGABYTE));
  expect(status).toBe(400);
  expect(JSON.stringify(body).length).toBeLessThan(2_000);
});

test("zeros in front of an int64 of CSV are refused, not lost", async () => {
  expect(await post("time,meter\n2024-03-01T00:00:00Z,00123\n")).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: "/rows/0/meter", code: "not_an_int64" }] },
  });
});

test("a column whose name has megabytes is refused without being repeated", async () => {
  const { status, body } = await as("admin", server)
    .post("/setup/v1/channels")
    .send({ channel_schema: { ["é".repeat(MEGABYTE)]: "float" } });
  expect(status).toBe(400);
  expect(String(body.detail).length).toBeLessThan(2_000);
});
