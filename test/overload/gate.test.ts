import { describe, expect, test } from "vitest";
import { BusyError } from "../../server/src/db/errors.ts";
import { workFor } from "../../server/src/db/pool/caller.ts";
import { createGate } from "../../server/src/db/pool/gate.ts";

/** Work that ends when it is told to, and what came of it. */
function enter(gate: ReturnType<typeof createGate>, signal?: AbortSignal) {
  const end = Promise.withResolvers<void>();
  const seen = { isInside: false, outcome: null as string | null };
  void gate
    .pass(() => {
      seen.isInside = true;
      return end.promise;
    }, signal)
    .then(
      () => (seen.outcome = "done"),
      (error: Error) => (seen.outcome = error.name),
    );
  return Object.assign(seen, { end: end.resolve, fail: () => end.reject(new TypeError()) });
}

/** So many of one caller are on their way, and nobody else. */
const coming = (total: number) => ({ total, own: total, callers: 1 });
const ONE = "";

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a gate", () => {
  test("lets so many in at once, and the others in the order in which they came", async () => {
    const gate = createGate({ maxConcurrent: 2, maxWaiting: 10, acquireTimeoutMs: 60_000 });
    const all = Array.from({ length: 4 }, () => enter(gate));
    expect(all.map(({ isInside }) => isInside)).toEqual([true, true, false, false]);
    all[1]?.fail();
    await turn();
    expect(all.map(({ isInside }) => isInside)).toEqual([true, true, true, false]);
    expect(all.map(({ outcome }) => outcome)).toEqual([null, "TypeError", null, null]);
    expect(gate.waiting()).toBe(1);
    all[0]?.end();
    await turn();
    expect(all[3]?.isInside).toBe(true);
  });

  test("turns away at once who finds enough waiting, and who has waited long enough", async () => {
    const gate = createGate({ maxConcurrent: 1, maxWaiting: 1, acquireTimeoutMs: 20 });
    const first = enter(gate);
    const waiting = enter(gate);
    const late = enter(gate);
    await turn();
    expect(late.outcome).toBe(BusyError.name);
    expect(waiting.outcome).toBeNull();
    await expect.poll(() => waiting.outcome).toBe(BusyError.name);
    first.end();
    await turn();
    expect([waiting.isInside, late.isInside]).toEqual([false, false]);
    expect(enter(gate).isInside).toBe(true);
  });

  test("loses no place to somebody who goes at the very moment when it is their turn", async () => {
    const gate = createGate({ maxConcurrent: 1, maxWaiting: 10, acquireTimeoutMs: 60_000 });
    const going = new AbortController();
    const first = enter(gate);
    const gone = enter(gate, going.signal);
    const next = enter(gate);
    going.abort();
    first.end();
    await turn();
    expect([gone.outcome, gone.isInside, next.isInside]).toEqual(["AbortError", false, true]);
    next.end();
    await turn();
    expect(enter(gate).isInside).toBe(true);
  });

  test("does nothing for somebody who has gone before", async () => {
    const gate = createGate({ maxConcurrent: 1, maxWaiting: 10, acquireTimeoutMs: 60_000 });
    const gone = enter(gate, AbortSignal.abort());
    await turn();
    expect([gone.outcome, gone.isInside]).toEqual(["AbortError", false]);
    expect(enter(gate).isInside).toBe(true);
  });

  test("says when it is full, also by those who are still on their way", async () => {
    const gate = createGate({ maxConcurrent: 1, maxWaiting: 2, acquireTimeoutMs: 60_000 });
    // With a free connection nobody has to wait, however many come.
    expect(gate.isFull(coming(1_000), ONE)).toBe(false);
    const first = enter(gate);
    enter(gate);
    expect([gate.isFull(coming(0), ONE), gate.isFull(coming(2), ONE), gate.isFull(coming(3), ONE)]).toEqual([false, false, true]);
    enter(gate);
    expect(gate.isFull(coming(0), ONE)).toBe(true);
    first.end();
    await turn();
    expect(gate.isFull(coming(0), ONE)).toBe(false);
  });
});

describe("a gate that one caller crowds", () => {
  const by = (caller: string, gate: ReturnType<typeof createGate>) => workFor(caller, enter, gate);

  test("lets somebody else in next, though they came last", async () => {
    const gate = createGate({ maxConcurrent: 2, maxWaiting: 10, acquireTimeoutMs: 60_000 });
    const greedy = Array.from({ length: 8 }, () => by("greedy", gate));
    const honest = by("honest", gate);
    greedy[0]?.end();
    await turn();
    expect([honest.isInside, greedy.filter(({ isInside }) => isInside).length]).toEqual([true, 2]);
    // Both have one now: in order of arrival.
    honest.end();
    await turn();
    expect(greedy.filter(({ isInside }) => isInside)).toHaveLength(3);
  });

  test("gives somebody else the place of one who came last, until both have as many", async () => {
    const gate = createGate({ maxConcurrent: 1, maxWaiting: 4, acquireTimeoutMs: 60_000 });
    const greedy = Array.from({ length: 5 }, () => by("greedy", gate));
    const honest = Array.from({ length: 3 }, () => by("honest", gate));
    await turn();
    expect(greedy.map(({ outcome }) => outcome)).toEqual([null, null, null, BusyError.name, BusyError.name]);
    expect(honest.map(({ outcome }) => outcome)).toEqual([null, null, BusyError.name]);
    expect(gate.waiting()).toBe(4);
    for (const work of [...greedy, ...honest]) {
      work.end();
      await turn();
    }
    expect([...greedy, ...honest].filter(({ outcome }) => outcome === "done")).toHaveLength(5);
  });

  test("is full for that caller, and for nobody else", async () => {
    const gate = createGate({ maxConcurrent: 1, maxWaiting: 2, acquireTimeoutMs: 60_000 });
    for (let count = 0; count < 3; count++) by("greedy", gate);
    expect(gate.isFull({ total: 3, own: 3, callers: 1 }, "greedy")).toBe(true);
    expect(gate.isFull({ total: 3, own: 0, callers: 1 }, "honest")).toBe(false);
    expect(gate.isFull({ total: 4, own: 1, callers: 2 }, "honest")).toBe(false);
    expect(gate.isFull({ total: 30, own: 20, callers: 2 }, "honest")).toBe(true);
  });
});
