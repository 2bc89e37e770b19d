import { describe, expect, test } from "vitest";
import { createTestDatabase, isNative } from "../support/database.ts";
import { CLI, environmentFor, run, startServerProcess } from "../support/process.ts";

/** What is promised, for every server. */
const IN_FORCE_WITHIN_MS = 5_000;

describe("a key that an operator makes", () => {
  test("works on every server process, and is refused by all of them once it is rotated or revoked", async () => {
    await using database = await createTestDatabase();
    await using servers = new AsyncDisposableStack();
    const environment = environmentFor(database.settings);
    // One process at a time has the embedded database.
    const processes = await Promise.all(
      Array.from({ length: isNative ? 2 : 1 }, async () => servers.use(await startServerProcess(environment))),
    );
    const kronicle = async (...args: string[]) => {
      await using command = run([...CLI, ...args], environment);
      const { code } = await command.ended;
      expect({ code, stderr: command.stderr() }).toEqual({ code: 0, stderr: "" });
      return command.stdout().trim();
    };
    const statuses = (key: string) =>
      Promise.all(
        processes.map(async ({ url }) => {
          const { status } = await fetch(`${url}/api/v1/channels`, { headers: { Authorization: `Bearer ${key}` } });
          return status;
        }),
      );
    const everywhere = (status: number) => processes.map(() => status);
    const idOf = (key: string) => key.split("_")[2] ?? "";

    const first = await kronicle("keys", "create", "--lane", "reader");
    expect(await statuses(first)).toEqual(everywhere(200));

    const second = await kronicle("keys", "rotate", idOf(first), "--overlap-seconds", "0");
    await expect.poll(() => statuses(first), { timeout: IN_FORCE_WITHIN_MS }).toEqual(everywhere(401));
    expect(await statuses(second)).toEqual(everywhere(200));

    await kronicle("keys", "revoke", idOf(second));
    await expect.poll(() => statuses(second), { timeout: IN_FORCE_WITHIN_MS }).toEqual(everywhere(401));
  });
});
