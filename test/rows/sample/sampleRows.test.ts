import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
const METHODS = ["minmax", "m4", "lttb"] as const;
const START = Date.parse("2024-03-01T00:00:00Z");

type Row = { readonly time: string; readonly value: number | null };

async function sample(id: string, query: string) {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows/sample?column=value&${query}`).expect(200);
  return body;
}

describe("a channel with a spike", () => {
  let id: string;
  let rows: Row[];
  beforeAll(async () => {
    id = await createChannel(server, {
      name: "pump",
      channel_schema: { value: "optional[float]", note: "optional[str]", big: "optional[int64]" },
    });
    rows = Array.from({ length: 5_000 }, (_, index) => ({
      time: new Date(START + index * 1_000).toISOString().replace(".000Z", "Z"),
      value: index === 3_210 ? 1_000 : index % 7 === 0 ? null : Math.sin(index / 50),
    }));
    await appendRows(server, id, rows);
  });

  test.each(METHODS)("is sampled by %s: true rows in order of time, the spike among them", async (method) => {
    const body = await sample(id, `max_points=100&method=${method}`);
    expect(body).toMatchObject({
      channel_id: id,
      name: "pump",
      available_rows: 5_000,
      sampled_from: rows.filter(({ value }) => value !== null).length,
    });
    expect(body.rows.length).toBeLessThanOrEqual(100);
    expect(body.rows.length).toBeGreaterThan(40);
    const known = new Map(rows.map((row) => [row.time, row.value]));
    for (const row of body.rows) expect(row).toEqual({ time: row.time, value: known.get(row.time), note: null, big: null });
    expect(body.rows.map((row: Row) => row.time)).toEqual(body.rows.map((row: Row) => row.time).toSorted());
    expect(Math.max(...body.rows.map((row: Row) => row.value))).toBe(1_000);
  });

  test("takes filters, a range, and only the columns that are asked for", async () => {
    const from = new Date(START + 1_000_000).toISOString();
    const to = new Date(START + 2_000_000).toISOString();
    const body = await sample(id, `max_points=20&columns=value&from=${from}&to=${to}&min[value]=0.5`);
    expect(body.rows.length).toBeGreaterThan(2);
    for (const row of body.rows) {
      expect(Object.keys(row)).toEqual(["time", "value"]);
      expect(row.value).toBeGreaterThanOrEqual(0.5);
      expect(row.time >= from.replace(".000Z", "Z") && row.time < to).toBe(true);
    }
  });

  test("answers all rows with a value when there are no more than asked for", async () => {
    const to = new Date(START + 10_000).toISOString();
    const body = await sample(id, `to=${to}`);
    expect(body.rows.map((row: Row) => row.value)).toEqual(rows.slice(0, 10).flatMap(({ value }) => value ?? []));
    expect(body.sampled_from).toBe(body.rows.length);
  });

  test("is empty where there is nothing", async () => {
    expect(await sample(id, "from=2030-01-01T00:00:00Z")).toMatchObject({ rows: [], sampled_from: 0 });
  });

  test.each([
    ["column=valeu", "column", "unknown_column"],
    ["column=note", "column", "wrong_type"],
    ["column=time", "column", "unknown_column"],
    ["column=value&columns=nothing", "columns", "unknown_column"],
    ["column=value&max_points=3", "max_points", undefined],
    ["column=value&method=best", "method", undefined],
    ["column=value&sort=time", "sort", "unknown_parameter"],
    ["", "column", undefined],
  ])("?%s is refused, with the place", async (query, parameter, code) => {
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows/sample?${query}`).expect(400);
    expect(body.errors[0]).toMatchObject(code ? { parameter, code } : { parameter });
  });
});

test("an unknown channel is a 404", async () => {
  await as("reader", server).get("/api/v1/channels/6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10/rows/sample?column=value").expect(404);
});

test("what minmax and m4 leave out lies between what they show, in every stretch", { timeout: 120_000 }, async () => {
  const rowsOf = fc.array(fc.record({ at: fc.integer({ min: 0, max: 999 }), value: fc.integer({ min: -50, max: 50 }) }), {
    minLength: 10,
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(rowsOf, fc.constantFrom("minmax", "m4"), fc.integer({ min: 4, max: 40 }), async (made, method, most) => {
      const id = await createChannel(server, { channel_schema: { value: "int" } });
      await appendRows(
        server,
        id,
        made.map(({ at, value }) => ({ time: new Date(START + at * 1_000).toISOString(), value })),
      );
      const range = { from: START, to: START + 1_000_000 };
      const body = await sample(
        id,
        `max_points=${most}&method=${method}&from=${new Date(range.from).toISOString()}&to=${new Date(range.to).toISOString()}`,
      );
      expect(body.rows.length).toBeLessThanOrEqual(most);
      expect(body.sampled_from).toBe(made.length);
      const stretches = Math.floor(most / (method === "m4" ? 4 : 2));
      const length = Math.ceil(1_000_000 / stretches);
      for (let index = 0; index < stretches; index++) {
        const isIn = (ms: number) => Math.floor((ms - START) / length) === index;
        const all = made.filter(({ at }) => isIn(START + at * 1_000)).map(({ value }) => value);
        const shown = body.rows.filter(({ time }: Row) => isIn(Date.parse(time))).map((row: Row) => row.value);
        if (all.length === 0) continue;
        expect([Math.min(...shown), Math.max(...shown)]).toEqual([Math.min(...all), Math.max(...all)]);
      }
    }),
    { numRuns: 30 },
  );
});
