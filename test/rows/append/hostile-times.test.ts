/** Times that somebody might send, and that no row may have: far away, on no calendar, or one in each chunk. */
import { describe, expect, test } from "vitest";
import { createChannel, readRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

/** Takes the text of a body: not all of these survive a JavaScript object. */
function append(id: string, body: string, type = "application/json") {
  return as("writer", server).post(`/data/v1/channels/${id}/rows`).type(type).send(body);
}

const DAY_MS = 86_400_000;

describe("rows spread over decades, one per chunk", () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, day) => ({
      time: new Date(Date.UTC(1990, 0, 1) + day * DAY_MS).toISOString(),
      value: day,
    }));

  const countChunks = () =>
    asOwner(server.context, async (owner) => {
      const found = await owner.one(
        statement("select count(*)::integer as count from timescaledb_information.chunks where hypertable_schema = 'series'"),
      );
      return found["count"];
    });

  test.each([65, 2_000, 10_000])("refuses %i new chunks in one request, and makes none of them", async (count) => {
    const id = await createChannel(server, { channel_schema: { value: "float" }, density: "dense" });
    const before = await countChunks();
    const { body } = await append(id, JSON.stringify({ rows: days(count) })).expect(400);
    expect(body).toMatchObject({ code: "too_many_chunks", detail: expect.stringContaining(`${count} storage chunks`) });
    expect(body.detail).toContain("send at most 64 days at once");
    const lines = days(count).map((row) => JSON.stringify(row));
    await append(id, lines.join("\n"), "application/x-ndjson").expect(400);
    expect(await countChunks()).toBe(before);
    expect(await readRows(server, id, "?sort=time")).toEqual([]);
  });

  test("takes them when they are split as the answer says", async () => {
    const id = await createChannel(server, { channel_schema: { value: "float" }, density: "dense" });
    const rows = days(65);
    await append(id, JSON.stringify({ rows: rows.slice(0, 64) })).expect(200);
    const { body } = await append(id, JSON.stringify({ rows: rows.slice(64) })).expect(200);
    expect(body.available_rows).toBe(65);
  });
});

describe("far future and past", () => {
  test.each([
    '"9999-12-31T23:59:59Z"',
    '"2262-04-11T23:47:16Z"',
    '"294277-01-01T00:00:00Z"',
    '"+010000-01-01T00:00:00Z"',
    '"-0001-01-01T00:00:00Z"',
    '"0044-03-15 BC"',
    '"0000-12-31T23:59:59Z"',
    '"infinity"',
    '"-infinity"',
    '"epoch"',
    '"tomorrow"',
    // Seconds, milliseconds, microseconds and nanoseconds: which of them is never guessed.
    "1709251200",
    "1709251200000",
    "1709251200000000",
    "1709251200000000000",
    '"1709251200"',
    "-1",
  ])("refuses the time %s", async (time) => {
    const id = await createChannel(server, { channel_schema: { value: "float" }, density: "normal" });
    const { body } = await append(id, `{"rows":[{"time":${time},"value":1}]}`).expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/time" }] });
    expect(await readRows(server, id, "?sort=time")).toEqual([]);
  });

  test("does not let a refused time stand in the way of live data", async () => {
    const id = await createChannel(server, { channel_schema: { value: "float" }, density: "normal" });
    await append(id, '{"rows":[{"time":"9999-01-01T00:00:00Z","value":1}]}').expect(400);
    const { body } = await append(id, '{"rows":[{"time":"2024-03-01T00:00:00Z","value":2}]}').expect(200);
    expect(body).toMatchObject({ available_rows: 1, first_time: "2024-03-01T00:00:00Z", last_time: "2024-03-01T00:00:00Z" });
  });
});

describe("times that are not on the calendar or the clock", () => {
  test.each([
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-03-01T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2024-03-01T00:00:00+25:00",
    "2024-03-01T00:00:00+01:60",
    "2024-03-01T00:00:00+010",
    // An hour that daylight saving time skips, and one that it has twice: without an offset nobody knows.
    "2024-03-31T02:30:00",
    "2024-10-27T02:30:00",
    "2024-03-01T00:00:00 Europe/Berlin",
    "2024-03-01T00:00:00.0000000000001Z",
    "2024-03-01T00:00:00,5Z",
    "2024-W09-5T00:00:00Z",
    "2024-061T00:00:00Z",
    "２０２４-03-01T00:00:00Z",
  ])("refuses %s, as time and as a value", async (text) => {
    const id = await createChannel(server, { channel_schema: { seen: "datetime" }, density: "normal" });
    const { body } = await append(id, JSON.stringify({ rows: [{ time: text, seen: text }] })).expect(400);
    expect(body.errors).toMatchObject([{ pointer: "/rows/0/time" }, { pointer: "/rows/0/seen", code: "not_a_datetime" }]);
    expect(await readRows(server, id, "?sort=time")).toEqual([]);
  });

  test.each([
    ["2024-03-31T02:30:00+01:00", "2024-03-31T01:30:00Z"],
    ["2024-10-27T02:30:00+02:00", "2024-10-27T00:30:00Z"],
    ["2024-10-27T02:30:00+01:00", "2024-10-27T01:30:00Z"],
    ["2024-03-01T00:00:00.1234560000000Z", "2024-03-01T00:00:00.123456Z"],
    ["2024-02-29T23:59:59.999999-00:00", "2024-02-29T23:59:59.999999Z"],
    ["2024-10-27 02:30:00+0100", "2024-10-27T01:30:00Z"],
    ["2024-10-27 02:30:00.5+01", "2024-10-27T01:30:00.500000Z"],
  ])("takes %s, and means %s", async (text, meant) => {
    const id = await createChannel(server, { channel_schema: { seen: "datetime" }, density: "normal" });
    await append(id, JSON.stringify({ rows: [{ time: text, seen: text }] })).expect(200);
    expect(await readRows(server, id, "?sort=time")).toEqual([{ time: meant, seen: meant }]);
  });
});
