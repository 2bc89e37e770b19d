import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import type { TestServer } from "../support/server.ts";
import { ATTACKS } from "./attacks/attacks.ts";
import { DEPLOYMENTS } from "./attacks/deployments.ts";
import {
  LARGE_OBJECT_FUNCTIONS,
  OPEN_FUNCTIONS,
  selectUnsafeFunctions,
} from "../../server/src/db/queries/selectUnsafeFunctions.ts";
import { sqlState } from "../../server/src/db/sql-state.ts";
import { canRunClusters, startCluster } from "../support/cluster/own-cluster.ts";
import { createPool } from "slonik";
import { statement } from "../support/owner.ts";
import { LANES } from "./attacks/lane.ts";
import { SWITCHES } from "./attacks/switches.ts";
import { toSwitchTable } from "./attacks/switch-table.ts";
import { prepareTarget, type Target } from "./attacks/target.ts";

describe.each(DEPLOYMENTS)("with $name", ({ name: deployment, start }) => {
  let server: TestServer;
  let target: Target;
  beforeAll(async () => {
    server = await start();
    target = await prepareTarget(server);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  describe.each(LANES)("SQL in the lane of the %s", (lane) => {
    const own = ATTACKS.filter((attack) => attack.lane === lane);
    const isAllowed = ({ expected }: { expected: string }) => expected === "allowed";

    test("is tried in many ways", () => {
      expect(own.filter((attack) => !isAllowed(attack)).length).toBeGreaterThanOrEqual(75);
    });

    test.each(own.filter(isAllowed))("may: $sql", async ({ sql, expected }) => {
      expect(await target.attack(lane, sql)).toBe(expected);
    });

    test.each(own.filter((attack) => !isAllowed(attack)))("is refused: $sql", async ({ sql, expected }) => {
      expect(await target.attack(lane, sql)).toBe(expected);
    });

    test.each(SWITCHES.filter(({ worksWith }) => !worksWith.includes(deployment)))("stays who it is: $sql", async ({ sql }) => {
      expect(await target.changesRole(lane, sql)).toBe(false);
    });

    // Not what anybody wants, and said so: it is what separate logins are for.
    test.each(SWITCHES.filter(({ worksWith }) => worksWith.includes(deployment)))("becomes another: $sql", async ({ sql }) => {
      expect(await target.changesRole(lane, sql)).toBe(true);
    });
  });

  test.each(LANES)("no function that a query does not need is open to the %s", async (lane) => {
    const { pools, roles } = server.context.database;
    expect(await selectUnsafeFunctions(pools[lane], roles[lane])).toEqual([]);
  });

  test("the capabilities say which walls stand", async () => {
    const { body } = await as("admin", server).get("/setup/v1/capabilities").expect(200);
    expect(body.walls).toEqual({
      contract: true,
      server: true,
      database_roles: true,
      separate_logins: deployment === "separate logins",
    });
  });
});

test("the page on security shows where SQL can change its role", async () => {
  const page = await readFile(new URL("../../docs/security.md", import.meta.url), "utf8");
  const withoutPadding = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
  expect(withoutPadding(page)).toContain(withoutPadding(toSwitchTable()));
});

test("the migration closes what the doctor looks for", async () => {
  const migration = await readFile(new URL("../../migrations/000011-timescaledb-walls.sql", import.meta.url), "utf8");
  expect(migration).toContain(`!~ '${OPEN_FUNCTIONS}'`);
  expect(migration).toContain(`~ '${LARGE_OBJECT_FUNCTIONS}'`);
});

describe.runIf(canRunClusters)("a server of its own", () => {
  test("outlives a login that merges no chunks, and its owner keeps what is closed to others", async () => {
    await using cluster = await startCluster();
    const url = (login: string) => Object.assign(new URL(cluster.url), { username: login, password: login }).href;
    const admin = await createPool(cluster.url, { maxPoolSize: 1 });
    try {
      for (const text of [
        "create role maker login password 'maker'",
        "create role guest login password 'guest'",
        "alter database postgres owner to maker",
        // As a new version of the extension would bring them.
        "grant execute on routine merge_chunks(regclass, regclass), merge_chunks(regclass[]), delete_job to public",
        "grant temporary on database postgres to public",
      ]) {
        await admin.query(statement(text));
      }
      expect(await selectUnsafeFunctions(admin)).toEqual(["delete_job", "merge_chunks"]);
      await admin.query(
        statement(await readFile(new URL("../../migrations/000011-timescaledb-walls.sql", import.meta.url), "utf8")),
      );
      expect(await selectUnsafeFunctions(admin)).toEqual([]);
      expect(await selectUnsafeFunctions(admin, "maker")).toEqual(["delete_job"]);
      const guest = await createPool(url("guest"), { maxPoolSize: 1 });
      for (const text of ["call merge_chunks(null, null)", "create temporary table t (n integer)"]) {
        const failure = await guest.query(statement(text)).catch((error: unknown) => error);
        expect(sqlState(failure)).toBe("42501");
      }
      await guest.end();
      expect(await admin.oneFirst(statement("select 'alive'"))).toBe("alive");
    } finally {
      await admin.end();
    }
  });
});
