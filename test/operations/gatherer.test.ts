import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createGatherer } from "../../server/src/operations/gatherer.ts";

/** A gatherer of numbers, each as heavy as it is large, whose work ends when it is told to. */
function createTestGatherer(most: number) {
  const groups: { readonly items: readonly number[]; readonly end: () => void }[] = [];
  const add = createGatherer<number>(
    (item) => item,
    most,
    (items) => new Promise((end) => groups.push({ items, end })),
  );
  return { add, groups, seen: () => groups.map(({ items }) => items) };
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
