import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import type { TestServer } from "../support/server.ts";
import { ATTACKS } from "./attacks/attacks.ts";
import { DEPLOYMENTS } from "./attacks/deployments.ts";
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
