import { defineChannel, type NewRow } from "@kronicle/client";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VALUES } from "../../support/arbitrary-values.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const required = defineChannel({
  str: "str",
  int: "int",
  int64: "int64",
  float: "float",
  bool: "bool",
  uuid: "uuid",
  datetime: "datetime",
  dict: "dict",
  list: "list",
});

const optional = defineChannel({
  str: "optional[str]",
  int: "optional[int]",
  int64: "optional[int64]",
  float: "optional[float]",
  bool: "optional[bool]",
  uuid: "optional[uuid]",
  datetime: "optional[datetime]",
  dict: "optional[dict]",
  list: "optional[list]",
});

const row = {
  time: "2024-03-01T00:00:00.000001Z",
  str: "Grüße 🌡 \u2028 \"'\\",
  int: Number.MAX_SAFE_INTEGER,
  int64: 2n ** 63n - 1n,
  float: 5e-324,
  bool: false,
  uuid: "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10",
  datetime: "0001-01-01T00:00:00Z",
  dict: { "gain °": [1.5, null, { deep: true }], __proto: "x" },
  list: [],
};

/** Stores rows in a channel of their own, with the writer's key, and reads them back with the reader's. */
async function roundTrip(definition: typeof required, rows: NewRow<typeof required>[]) {
  const { channel_id } = await connect("admin", server).setup.createChannel({ schema: definition, density: "sparse" });
  await connect("writer", server).writer.channel(channel_id, definition).append(rows);
  const reader = connect("reader", server).reader.channel(channel_id, definition);
  return {
    rows: (await reader.rows({ sort: "time" }).page()).rows,
    columns: (await reader.columns({ sort: "time" })).columns,
  };
}

/** The value that a writer would hand over, where the samples have JSON text. */
const fromJson = ({ sent }: { sent: string }) => JSON.parse(sent);

const arbitraryRows = fc.array(
  fc.record({
    str: VALUES.str.map(fromJson),
    int: VALUES.int.map(fromJson),
    int64: VALUES.int64.map(({ read }) => BigInt(String(read))),
    // The sign of zero has a test of its own.
    float: VALUES.float.map((sample) => fromJson(sample) + 0),
    bool: VALUES.bool.map(fromJson),
    uuid: VALUES.uuid.map(fromJson),
    datetime: VALUES.datetime.map((sample) => ({ sent: String(fromJson(sample)), read: sample.read })),
    dict: VALUES.dict.map(fromJson),
    list: VALUES.list.map(fromJson),
  }),
  { minLength: 1, maxLength: 12 },
);

describe("values that were appended", () => {
  test("come back as they were, in all nine types", async () => {
    const { rows, columns } = await roundTrip(required, [row]);
    expect(rows).toEqual([row]);
    const turnedRound = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value]]));
    expect(columns).toEqual({ ...turnedRound, float: Float64Array.of(row.float) });
  });

  test("come back as they were, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRows, async (samples) => {
        const time = (index: number) => `2024-03-01T00:00:${String(index).padStart(2, "0")}Z`;
        const as = (form: "sent" | "read") =>
          samples.map(({ datetime, ...rest }, index) => ({ time: time(index), datetime: datetime[form], ...rest }));
        const read = as("read");

        const { rows, columns } = await roundTrip(required, as("sent"));
        expect(rows).toEqual(read);
        expect(columns.int64).toEqual(read.map(({ int64 }) => int64));
        expect([...columns.float]).toEqual(read.map(({ float }) => float));
        expect(columns.dict).toEqual(read.map(({ dict }) => dict));
      }),
      { numRuns: 25 },
    );
  });

  test("keep the sign of zero", async () => {
    const { rows, columns } = await roundTrip(required, [{ ...row, float: -0 }]);
    expect(rows[0]?.float).toBe(-0);
    expect(columns.float[0]).toBe(-0);
  });

  test("keep the members of documents, whatever their keys are called", async () => {
    const dict: Record<string, unknown> = JSON.parse(
      '{ "toJSON": "x", "__proto__": 1, "constructor": [2], "": null, "a.b": {} }',
    );
    const { rows } = await roundTrip(required, [{ ...row, dict, list: [dict] }]);
    expect(Object.entries(rows[0]?.dict ?? {}).sort()).toEqual(Object.entries(dict).sort());
    expect(rows[0]?.list).toHaveLength(1);
  });

  test("may be Dates, and are read as exact text", async () => {
    const { rows } = await roundTrip(required, [
      { ...row, time: new Date("2024-03-01T00:00:00.123Z"), datetime: new Date("1969-12-31T23:59:59.999Z") },
      { ...row, time: new Date("2024-03-02T00:00:00Z"), datetime: "2024-03-01T00:00:00.000001+02:00" },
    ]);
    expect(rows.map(({ time, datetime }) => [time, datetime])).toEqual([
      ["2024-03-01T00:00:00.123000Z", "1969-12-31T23:59:59.999000Z"],
      ["2024-03-02T00:00:00Z", "2024-02-29T22:00:00.000001Z"],
    ]);
  });

  test("get the time of their arrival when they bring none", async () => {
    const { time: _, ...timeless } = row;
    const before = Date.now();
    const { rows } = await roundTrip(required, [timeless]);
    const arrival = Date.parse(rows[0]?.time ?? "");
    expect(arrival).toBeGreaterThanOrEqual(before);
    expect(arrival).toBeLessThanOrEqual(Date.now());
  });
});

describe("optional values", () => {
  const { time: _, ...values } = row;
  const nothing = Object.fromEntries(Object.keys(values).map((name) => [name, null]));

  test("are null when they are absent or null, and themselves otherwise", async () => {
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: optional });
    await connect("writer", server)
      .writer.channel(channel_id, optional)
      .append([
        { time: "2024-03-01T00:00:01Z" },
        { time: "2024-03-01T00:00:02Z", ...nothing },
        { time: "2024-03-01T00:00:03Z", ...values },
      ]);
    const reader = connect("reader", server).reader.channel(channel_id, optional);

    expect((await reader.rows({ sort: "time" }).page()).rows).toEqual([
      { time: "2024-03-01T00:00:01Z", ...nothing },
      { time: "2024-03-01T00:00:02Z", ...nothing },
      { time: "2024-03-01T00:00:03Z", ...values },
    ]);
    expect((await reader.columns({ sort: "time" })).columns.int64).toEqual([null, null, values.int64]);
  });
});
