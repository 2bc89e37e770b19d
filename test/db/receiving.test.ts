import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { startReceiving } from "../../server/src/db/native/receiving.ts";

const MEGABYTE = 1024 * 1024;
const SOON = { timeout: 5_000 };

const open = () => {
  const stream = new PassThrough().resume();
  return { stream, ...startReceiving(stream) };
};

describe("large answers of the database", () => {
  test("are received two at a time, over all connections, and the next begins as soon as one has ended", async () => {
    const answers = [open(), open(), open(), open()];
    const flowing = () => answers.map(({ stream }) => !stream.isPaused());
    for (const { count } of answers) count(2 * MEGABYTE);
    await expect.poll(flowing, SOON).toEqual([true, true, false, false]);
    answers[0]?.end();
    await expect.poll(flowing, SOON).toEqual([true, true, true, false]);
    // Its connection is lost while it waits.
    answers[3]?.end();
    answers[1]?.end();
    answers[2]?.end();
    const next = open();
    next.count(2 * MEGABYTE);
    await expect.poll(() => next.stream.isPaused(), SOON).toBe(false);
    next.end();
  });

  test("make no small one wait", async () => {
    const large = [open(), open(), open()];
    for (const { count } of large) count(2 * MEGABYTE);
    const small = open();
    small.count(MEGABYTE);
    expect(small.stream.isPaused()).toBe(false);
    small.end();
    small.count(MEGABYTE);
    expect(small.stream.isPaused()).toBe(false);
    for (const { end } of [...large, small]) end();
  });
});
