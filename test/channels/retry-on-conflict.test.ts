import { describe, expect, test } from "vitest";
import { CONFLICT, isConflict, retryOnConflict } from "../../server/src/channels/retry-on-conflict.ts";
import { SQLSTATE } from "../../server/src/db/sql-state.ts";
import { ProblemError } from "../../server/src/problems/problem-error.ts";

/** A database error, wrapped as drivers wrap it. */
function failure(code: string): Error {
  return new Error("the query failed", { cause: Object.assign(new Error(code), { code }) });
}

/** Meets these obstacles in turn, and then succeeds; the counts that its attempts were given. */
function meeting(...obstacles: readonly (Error | typeof CONFLICT)[]) {
  const counts: number[] = [];
  const attempt = async (count: number) => {
    const obstacle = obstacles[counts.push(count) - 1];
    if (obstacle instanceof Error) throw obstacle;
    return obstacle ?? { stored: true };
  };
  return { counts, attempt };
}

describe("work by a definition", () => {
  test("is done once when nobody else changed it", async () => {
    const { attempt, counts } = meeting();
    expect(await retryOnConflict(attempt)).toEqual({ stored: true });
    expect(counts).toEqual([1]);
  });

  test("is done anew when somebody was quicker, and counts its attempts", async () => {
    const { attempt, counts } = meeting(CONFLICT, failure(SQLSTATE.channelChanged), CONFLICT);
    expect(await retryOnConflict(attempt)).toEqual({ stored: true });
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  test("waits for a change that is being made, which costs no attempt", async () => {
    const { attempt, counts } = meeting(...Array.from({ length: 12 }, () => failure(SQLSTATE.channelChanging)));
    const start = performance.now();
    expect(await retryOnConflict(attempt)).toEqual({ stored: true });
    expect(performance.now() - start).toBeGreaterThan(100);
    expect(counts).toEqual(Array.from({ length: 13 }, () => 1));
  });

  test("is given up after ten attempts, as a failure that says that nothing was stored", async () => {
    const { attempt, counts } = meeting(...Array.from({ length: 99 }, () => CONFLICT));
    const error = await retryOnConflict(attempt).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: "database_unavailable", message: expect.stringContaining("Nothing was stored") });
    expect(counts).toHaveLength(10);
  });

  test.for([failure(SQLSTATE.uniqueViolation), failure("40001"), new ProblemError("channel_not_found", "It is gone.")])(
    "fails at once with any other error: %s",
    async (error) => {
      const { attempt, counts } = meeting(error);
      await expect(retryOnConflict(attempt)).rejects.toBe(error);
      expect(counts).toEqual([1]);
    },
  );

  test("may come to anything that is no conflict", () => {
    expect(isConflict(CONFLICT)).toBe(true);
    expect(isConflict({ kind: "key_taken" })).toBe(false);
  });
});
