import { afterEach, describe, expect, test, vi } from "vitest";
import { idempotencyHeader, newIdempotencyKey } from "../../../client/src/retry/idempotency-key.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("a new idempotency key", () => {
  test("is a UUID of version 7 that begins with the time", () => {
    vi.useFakeTimers({ now: 0x0123_4567_89ab, toFake: ["Date"] });
    expect(newIdempotencyKey()).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("is another one each time", () => {
    expect(new Set(Array.from({ length: 1_000 }, newIdempotencyKey)).size).toBe(1_000);
  });
});

describe("the header of a key", () => {
  test.each(["a", "readings of 2024-03-01", "!#[]~", "x".repeat(255)])("has %j in quotes", (key) => {
    expect(idempotencyHeader(key)).toBe(`"${key}"`);
  });

  test.each(["", 'a"b', "a\\b", "ü", "a\nb", "x".repeat(256), undefined, 1])("cannot hold %j", (key) => {
    expect(() => idempotencyHeader(key as never)).toThrow(/^idempotencyKey has to be 1 to 255 printable ASCII characters/);
  });
});
