/** Every function and bucket, compared with a plain computation over the same rows. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

type Row = { readonly time: bigint; readonly values: Readonly<Record<string, unknown>> };

const START = BigInt(Date.parse("2024-02-28T22:00:00Z")) * 1_000n;
const HOURS = 6;

const TYPES = {
  float: fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0),
  int: fc.integer({ min: -1_000, max: 1_000 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  str: fc.constantFrom("", "a", "B", "é", "😀", "￮"),
  bool: fc.boolean(),
  uuid: fc.constantFrom("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", "00000000-0000-4000-8000-000000000000"),
  datetime: fc.constantFrom("2024-01-01T00:00:00Z", "1999-12-31T23:59:59.999999Z"),
  dict: fc.constantFrom({}, { a: 1 }),
  list: fc.constantFrom([], [1, "x"]),
};
type Type = keyof typeof TYPES;

const NUMBERS = "count sum avg min max first last stddev range delta increase time_weighted_avg median p95 p12.5".split(" ");
const FUNCTIONS: Readonly<Record<Type, readonly string[]>> = {
  float: NUMBERS,
  int: NUMBERS,
  int64: NUMBERS,
  str: ["count", "distinct", "first", "last", "mode"],
  bool: ["count", "first", "last", "share"],
  uuid: ["count", "distinct", "first", "last", "mode"],
  datetime: ["count", "min", "max", "first", "last"],
  dict: ["count", "first", "last"],
  list: ["count", "first", "last"],
};

/** Few times, so that many are equal; some with microseconds. */
const time = fc
  .tuple(fc.integer({ min: 0, max: HOURS * 12 - 1 }), fc.constantFrom(0n, 0n, 1n, 999_999n))
  .map(([step, micros]) => START + BigInt(step) * 300_000_000n + micros);

const row = fc.tuple(time, fc.record(TYPES, { requiredKeys: [] })).map(([at, values]): Row => ({ time: at, values }));

function timeText(micros: bigint): string {
  const whole = new Date(Number(micros / 1_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${whole}.${String(micros % 1_000_000n).padStart(6, "0")}Z`;
}

type Span = { readonly start: bigint; readonly end: bigint };

/** What the rows of a bucket come to, worked out here. `ordered` are all rows of the channel by time and arrival. */
function expected(name: string, type: Type, ordered: readonly Row[], { start, end }: Span): unknown {
  const having = ordered.filter(({ values }) => values[type] !== undefined);
  const inside = having.filter((each) => each.time >= start && each.time < end);
  const before = having.findLast((each) => each.time < start);
  const values = inside.map((each) => each.values[type]);
  if (name === "count") return values.length;
  if (name === "distinct") return new Set(values).size;
  if (values.length === 0) return null;
  if (name === "first") return values[0];
  if (name === "last") return values.at(-1);
  if (name === "share") return values.filter(Boolean).length / values.length;
  if (name === "mode") return mode(values.map(String));
  if (type === "datetime") {
    const sorted = values.map(String).toSorted();
    return name === "min" ? sorted[0] : sorted.at(-1);
  }
  return type === "int64"
    ? ofExact(
        name,
        values.map((value) => BigInt(String(value))),
        before && BigInt(String(before.values[type])),
        inside,
        { start, end },
      )
    : ofNumbers(name, values.map(Number), before && Number(before.values[type]), inside, { start, end });
}

function mode(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const best = [...counts].filter(([, count]) => count === most).map(([value]) => value);
  return best.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))[0];
}

function ofExact(name: string, values: readonly bigint[], before: bigint | undefined, rows: readonly Row[], span: Span): unknown {
  const sorted = values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  const [low = 0n, high = 0n] = [sorted[0], sorted.at(-1)];
  switch (name) {
    case "sum":
      return String(values.reduce((sum, value) => sum + value, 0n));
    case "min":
      return String(low);
    case "max":
      return String(high);
    case "range":
      return String(high - low);
    case "delta":
      return String((values.at(-1) ?? 0n) - (values[0] ?? 0n));
    case "increase":
      return String(
        [...(before === undefined ? [] : [before]), ...values].reduce(
          (rise, value, index, all) =>
            rise + (index === 0 ? 0n : value >= (all[index - 1] ?? 0n) ? value - (all[index - 1] ?? 0n) : value),
          0n,
        ),
      );
    default:
      return ofNumbers(name, values.map(Number), before === undefined ? undefined : Number(before), rows, span);
  }
}

function ofNumbers(
  name: string,
  values: readonly number[],
  before: number | undefined,
  rows: readonly Row[],
  { start, end }: Span,
): unknown {
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = sum / values.length;
  const sorted = values.toSorted((one, other) => one - other);
  const percentile = (percent: number) => {
    const place = (percent / 100) * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    return below + ((sorted[Math.ceil(place)] ?? 0) - below) * (place - Math.floor(place));
  };
  switch (name) {
    case "sum":
      return sum;
    case "avg":
      return mean;
    case "min":
      return sorted[0];
    case "max":
      return sorted.at(-1);
    case "stddev":
      return values.length < 2
        ? null
        : Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1));
    case "range":
      return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
    case "delta":
      return (values.at(-1) ?? 0) - (values[0] ?? 0);
    case "increase":
      return [...(before === undefined ? [] : [before]), ...values].reduce((rise, value, index, all) => {
        const last = all[index - 1];
        return last === undefined ? rise : rise + (value >= last ? value - last : value);
      }, 0);
    case "time_weighted_avg": {
      const steps = [
        ...(before === undefined ? [] : [{ at: start, value: before }]),
        ...rows.map((each, index) => ({ at: each.time, value: values[index] ?? 0 })),
      ];
      const held = steps.map(({ at, value }, index) => ({ value, micros: Number((steps[index + 1]?.at ?? end) - at) }));
      const whole = held.reduce((total, { micros }) => total + micros, 0);
      return whole === 0 ? null : held.reduce((total, { value, micros }) => total + (value * micros) / whole, 0);
    }
    case "median":
      return percentile(50);
    default:
      return percentile(Number(name.slice(1)));
  }
}

/** Sums of floats depend on their order. @param scale of what they were made of */
function nearly(value: unknown, scale: number): unknown {
  if (typeof value !== "number") return value;
  const isNear = (found: unknown) => typeof found === "number" && Math.abs(found - value) <= 1e-9 * Math.max(1, scale);
  return expect.toSatisfy(isNear, `near ${value}`);
}

function scaleOf(rows: readonly Row[], type: string): number {
  return rows.reduce((sum, { values }) => sum + Math.abs(Number(values[type] ?? 0) || 0), 0);
}

/** Edges in whole hours from the start, for `ranges` of arbitrary hours. */
const buckets = fc.constantFrom({ text: "1h", hours: 1 }, { text: "PT2H", hours: 2 }, { text: null, hours: HOURS });

describe("what is answered of random rows", () => {
  test("is what a plain computation makes of them", { timeout: 180_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), buckets, fc.boolean(), async (rows, bucket, isPaged) => {
        const id = await createChannel(server, {
          channel_schema: Object.fromEntries(Object.keys(TYPES).map((type) => [type, `optional[${type}]`])),
        });
        await appendRows(
          server,
          id,
          rows.map((each) => ({ time: timeText(each.time), ...each.values })),
        );
        const ordered = rows.toSorted((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
        const query = new URLSearchParams({ from: timeText(START), to: timeText(START + BigInt(HOURS) * 3_600_000_000n) });
        if (bucket.text) query.set("bucket", bucket.text);
        if (isPaged) query.set("limit", "2");
        for (const [type, names] of Object.entries(FUNCTIONS)) query.set(`fn[${type}]`, names.join(","));

        const found: { time: string; end: string; count: number; values: object }[] = [];
        for (let cursor: string | null = ""; cursor !== null;) {
          if (cursor) query.set("cursor", cursor);
          const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows/aggregate?${query}`).expect(200);
          found.push(...body.buckets);
          cursor = body.next_cursor;
        }

        const spans = Array.from({ length: HOURS / bucket.hours }, (_, index) => ({
          start: START + BigInt(index * bucket.hours) * 3_600_000_000n,
          end: START + BigInt((index + 1) * bucket.hours) * 3_600_000_000n,
        }));
        const wanted = spans.flatMap((span) => {
          const count = ordered.filter((each) => each.time >= span.start && each.time < span.end).length;
          if (count === 0) return [];
          const values = Object.fromEntries(
            Object.entries(FUNCTIONS).map(([type, names]) => [
              type,
              Object.fromEntries(
                names.map((name) => [name, nearly(expected(name, type as Type, ordered, span), scaleOf(ordered, type))]),
              ),
            ]),
          );
          return [
            {
              time: timeText(span.start).replace(".000000Z", "Z"),
              end: timeText(span.end).replace(".000000Z", "Z"),
              count,
              values,
            },
          ];
        });
        expect(found).toEqual(wanted);
      }),
      {
        numRuns: 60,
        examples: [
          [
            [
              { time: START, values: { float: -5e-324 } },
              { time: START + 1n, values: { float: 0 } },
            ],
            { text: "1h", hours: 1 },
            false,
          ],
        ],
      },
    );
  });
});
