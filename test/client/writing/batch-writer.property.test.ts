import { createKronicle, defineChannel, type RejectedRow } from "@kronicle/client";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeRow, FAULTS, startFakeKronicle } from "./fake-kronicle.ts";

const counter = defineChannel({ n: "int" });
const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

/** Pauses are random from nothing on. */
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Rows, each with what the program does after it, and everything that may be different around them. */
const scenarios = fc.record({
  steps: fc.array(
    fc.record({
      isBad: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
      day: fc.nat(3),
      next: fc.constantFrom("write on", "write on", "wait for room", "flush", "let time pass"),
    }),
    { minLength: 1, maxLength: 40 },
  ),
  faults: fc.array(fc.constantFrom(...FAULTS), { maxLength: 12 }),
  limits: fc.record({
    mostRows: fc.integer({ min: 1, max: 9 }),
    mostDays: fc.integer({ min: 1, max: 3 }),
    mostFaults: fc.integer({ min: 1, max: 3 }),
  }),
  options: fc.record({
    maxRows: fc.integer({ min: 1, max: 9 }),
    maxBytes: fc.integer({ min: 1, max: 400 }),
    lingerMs: fc.constantFrom(0, 1, 1_000_000),
    maxBuffered: fc.integer({ min: 1, max: 12 }),
  }),
  retries: fc.nat(2),
});

type Scenario = typeof scenarios extends fc.Arbitrary<infer Value> ? Value : never;

/** Plays a scenario to its end, at which the writer is closed. */
async function play({ steps, faults, limits, options, retries }: Scenario, lastFaultStays: boolean, deadlineMs: number) {
  await using server = await startFakeKronicle({ faults, lastFaultStays, ...limits });
  const given: RejectedRow<FakeRow>[] = [];
  const client = createKronicle({ baseUrl: server.url, token: "x", retries, attemptTimeoutMs: 40 });
  const writer = client.writer.channel(ID, counter).writer({ ...options, onRejected: (rows) => void given.push(...rows) });

  const rows: FakeRow[] = steps.map(({ isBad, day }, n) => ({ n, isBad, day }));
  /** For each row, whether `write` took it. */
  const taken: Promise<boolean>[] = [];
  let mostBuffered = 0;
  for (const [index, { next }] of steps.entries()) {
    const written = writer.write(rows[index] ?? { n: -1 });
    taken.push(
      written.then(
        () => true,
        () => false,
      ),
    );
    mostBuffered = Math.max(mostBuffered, writer.buffered);
    if (next === "wait for room" && !lastFaultStays) await written;
    if (next === "flush" && !lastFaultStays) await writer.flush();
    if (next === "let time pass") await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const outcome = await writer.close({ deadlineMs }).then(
    () => "all settled" as const,
    (error: unknown) => error,
  );
  return {
    rows,
    given,
    outcome,
    mostBuffered,
    taken: await Promise.all(taken),
    stored: [...server.stored],
    left: writer.buffered,
  };
}

const numbersOf = (rows: readonly FakeRow[]) => rows.map(({ n }) => n);

describe("a batching writer", () => {
  test("stores each good row exactly once and in order, and gives back each bad one, however the server fails", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { rows, given, outcome, mostBuffered, taken, stored, left } = await play(scenario, false, Infinity);
        expect(outcome).toBe("all settled");
        expect(numbersOf(stored)).toEqual(numbersOf(rows.filter(({ isBad }) => !isBad)));
        expect(given.map(({ row }) => row)).toEqual(rows.filter(({ isBad }) => isBad));
        for (const { row, faults, mayBeStored } of given) {
          expect(rows[row.n]).toBe(row);
          expect({ pointer: faults[0]?.pointer, mayBeStored }).toEqual({ pointer: "/n", mayBeStored: false });
        }
        expect(taken).not.toContain(false);
        expect(mostBuffered).toBeLessThanOrEqual(scenario.options.maxBuffered);
        expect(left).toBe(0);
      }),
      { numRuns: 80 },
    );
  });

  test("that is closed before the server is well again gives back each row that is not stored, and tells which may be", async () => {
    const failing = scenarios.filter(({ faults }) => faults.length > 0);
    await fc.assert(
      fc.asyncProperty(failing, fc.integer({ min: 1, max: 60 }), async (scenario, deadlineMs) => {
        const { rows, given, taken, stored, outcome } = await play(scenario, true, deadlineMs);
        const isStored = new Set(numbersOf(stored));
        const isGiven = new Map(given.map(({ row, ...how }) => [row.n, how]));
        expect(isStored.size).toBe(stored.length);
        expect(isGiven.size).toBe(given.length);
        for (const { n } of rows) {
          const isKnown = isStored.has(n) || isGiven.has(n);
          expect({ n, isKnown }).toEqual({ n, isKnown: taken[n] });
          const isBoth = isStored.has(n) && isGiven.has(n);
          expect(!isBoth || isGiven.get(n)?.mayBeStored).toBe(true);
        }
        if (isGiven.size === 0) return;
        const isOut = given.some(({ faults }) => faults.length === 0);
        expect(!isOut || (outcome instanceof Error && outcome.name === "TimeoutError")).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});
