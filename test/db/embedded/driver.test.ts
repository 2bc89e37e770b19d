import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "slonik";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createEmbeddedDriver } from "../../../server/src/db/embedded/driver.ts";
import { type EmbeddedEngine, startEngine } from "../../../server/src/db/embedded/engine.ts";
import { BusyError, ConnectionLostError } from "../../../server/src/db/errors.ts";
import { EMBEDDED_URL } from "../../../server/src/db/open-owner.ts";
import { createRolePool } from "../../../server/src/db/pool/create-role-pool.ts";

let engine: EmbeddedEngine;
beforeAll(async () => {
  engine = await startEngine(null);
});
afterAll(() => engine.close());

const openPool = (statementTimeoutMs: number, acquireTimeoutMs: number) =>
  createRolePool(EMBEDDED_URL, {
    size: 1,
    statementTimeoutMs,
    driverFactory: createEmbeddedDriver(engine, null, acquireTimeoutMs),
  });

const nothing = z.object({});
const one = sql.type(z.object({ one: z.int() }))`select 1 as one`;

describe("a statement that takes longer than it may", () => {
  test("is no longer waited for, and its session serves the next one as soon as it has ended", async () => {
    const [hasty, patient] = [await openPool(200, 10_000), await openPool(10_000, 10_000)];
    const startedAt = performance.now();
    await expect(hasty.query(sql.type(nothing)`select pg_sleep(1.5)`)).rejects.toBeInstanceOf(ConnectionLostError);
    expect(performance.now() - startedAt).toBeLessThan(1_400);
    expect(await patient.one(one)).toEqual({ one: 1 });
    expect(performance.now() - startedAt).toBeGreaterThan(1_400);
    expect(await hasty.one(one)).toEqual({ one: 1 });
    await Promise.all([hasty.end(), patient.end()]);
  });

  test("leaves nothing of its transaction behind", async () => {
    const [hasty, patient] = [await openPool(300, 10_000), await openPool(10_000, 10_000)];
    await patient.query(sql.type(nothing)`create table overrun (a integer)`);
    const overrun = hasty.transaction(async (transaction) => {
      await transaction.query(sql.type(nothing)`insert into overrun values (1)`);
      await transaction.query(sql.type(nothing)`select pg_sleep(1.5)`);
    });
    await expect(overrun).rejects.toBeInstanceOf(ConnectionLostError);
    expect(await patient.one(sql.type(z.object({ count: z.string() }))`select count(*) as count from overrun`)).toEqual({
      count: "0",
    });
    await Promise.all([hasty.end(), patient.end()]);
  });

  test("keeps nobody waiting for longer than they may: they are told, and nothing of theirs is begun", async () => {
    const [slow, other] = [await openPool(10_000, 10_000), await openPool(10_000, 300)];
    await slow.query(sql.type(nothing)`create table waiting (a integer)`);
    const sleeping = slow.query(sql.type(nothing)`select pg_sleep(1.5)`);
    await sleep(100);
    const startedAt = performance.now();
    await expect(other.query(sql.type(nothing)`insert into waiting values (1)`)).rejects.toBeInstanceOf(BusyError);
    expect(performance.now() - startedAt).toBeLessThan(1_200);
    await sleeping;
    expect(await slow.one(sql.type(z.object({ count: z.string() }))`select count(*) as count from waiting`)).toEqual({
      count: "0",
    });
    expect(await other.one(one)).toEqual({ one: 1 });
    await Promise.all([slow.end(), other.end()]);
  });
});
