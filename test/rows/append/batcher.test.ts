import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createBatcher } from "../../../server/src/rows/append/batcher.ts";

/** A gatherer of numbers, each as heavy as it is large, whose work ends when it is told to. */
function createTestGatherer(maxWeight: number, bounds: { readonly maxWaiting?: number; readonly maxWaitingMs?: number } = {}) {
  const groups: { readonly items: readonly number[]; readonly end: () => void }[] = [];
  const turnedAway: number[] = [];
  const add = createBatcher<number>({
    weigh: (item) => item,
    maxWeight,
    maxWaiting: 1_000,
    maxWaitingMs: 60_000,
    ...bounds,
    work: (items) => new Promise((end) => groups.push({ items, end })),
    turnAway: (item) => turnedAway.push(item),
  });
  return { add, groups, turnedAway, seen: () => groups.map(({ items }) => items) };
}

/** Puts as many groups under way as there may be at once. */
async function occupy({ add, seen }: ReturnType<typeof createTestGatherer>): Promise<void> {
  for (let groups = 1; groups <= 3; groups++) {
    add(1);
    await expect.poll(() => seen().length).toBe(groups);
  }
}

test("an item that finds nothing under way sets out in the same turn, with all that come in it", async () => {
  const { add, seen } = createTestGatherer(100);
  add(1);
  add(2);
  await nextTurn();
  expect(seen()).toEqual([[1, 2]]);
});

test("items gather while a group is under way, and set out with its end", async () => {
  const { add, groups, seen } = createTestGatherer(100);
  add(1);
  await nextTurn();
  for (const item of [2, 3, 4]) add(item);
  expect(seen()).toEqual([[1]]);
  groups[0]?.end();
  await nextTurn();
  expect(seen()).toEqual([[1], [2, 3, 4]]);
});

test("a group sets out before the end of the one ahead when that takes long", async () => {
  const { add, seen } = createTestGatherer(100);
  add(1);
  await nextTurn();
  add(2);
  await expect.poll(seen).toEqual([[1], [2]]);
});

test("a group holds no more than its limit, but one item always", async () => {
  const { add, groups, seen } = createTestGatherer(10);
  for (const item of [20, 4, 6, 1]) add(item);
  for (let group = 0; group < 3; group++) {
    await nextTurn();
    groups[group]?.end();
  }
  await nextTurn();
  expect(seen()).toEqual([[20], [4, 6], [1]]);
});

test("an item that finds enough waiting is turned away, and what waits is not", async () => {
  const gatherer = createTestGatherer(10, { maxWaiting: 8 });
  await occupy(gatherer);
  for (const item of [5, 4, 3]) gatherer.add(item);
  expect(gatherer.turnedAway).toEqual([3]);
  gatherer.groups[0]?.end();
  await nextTurn();
  expect(gatherer.seen().at(-1)).toEqual([5, 4]);
  // There is room again.
  gatherer.add(3);
  expect(gatherer.turnedAway).toEqual([3]);
});

test("an item that has waited too long is turned away, and is in no group", async () => {
  const gatherer = createTestGatherer(10, { maxWaitingMs: 20 });
  await occupy(gatherer);
  gatherer.add(7);
  await expect.poll(() => gatherer.turnedAway).toEqual([7]);
  gatherer.add(8);
  gatherer.groups[0]?.end();
  await nextTurn();
  expect(gatherer.seen().at(-1)).toEqual([8]);
});
