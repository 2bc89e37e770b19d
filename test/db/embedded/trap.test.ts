import { rm } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { createTestDatabase, isNative } from "../../support/database.ts";
import { anonymous, as } from "../../support/http.ts";
import { environmentFor, outcomeOf, startServerProcess } from "../../support/process.ts";

const ENGINE = new URL("../../../server/src/db/embedded/engine.ts", import.meta.url).href;

/** So many nested sums are more than the stack of the engine holds. */
const TRAPPING = `select 1${"+1".repeat(1_000)}`;

const FATAL_LINE = /"level":"fatal"/;

describe("an engine that has trapped", () => {
  test("ends the process with a code and the reason, instead of failing each statement from then on", async () => {
    const program = `(async () => {
      const { startEngine } = await import(${JSON.stringify(ENGINE)});
      const session = await (await startEngine(null)).takeSession(null, 1000);
      await session.query("select 1", []);
      await session.query(${JSON.stringify(TRAPPING)}, []).catch(() => {});
      await session.query("select 1", []).catch(() => {});
      console.log("went on");
    })()`;
    const { code, stdout, stderr } = await outcomeOf([process.execPath, "-e", program]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("the embedded database has ended");
    expect(stdout).not.toContain("went on");
  });
});

describe.skipIf(isNative)("a server whose data directory was removed", () => {
  test("is not ready, and ends with a fatal line once its database gives up", async () => {
    await using database = await createTestDatabase();
    await using server = await startServerProcess(environmentFor(database.settings));
    await anonymous(server).get("/health/ready").expect(200);
    await rm(database.settings.dataDir, { recursive: true });
    const { body } = await anonymous(server).get("/health/ready").expect(503);
    expect(body).toMatchObject({
      code: "not_ready",
      errors: expect.arrayContaining([expect.objectContaining({ code: "data_directory_lost" })]),
    });
    expect(JSON.stringify(body)).not.toContain(database.settings.dataDir);

    // Until it needs a file that it has not opened yet.
    const end = { hasCome: false };
    void server.ended.then(() => (end.hasCome = true));
    for (let count = 0; count < 50 && !end.hasCome; count++) {
      const channel_schema = Object.fromEntries(Array.from({ length: count + 1 }, (_, index) => [`c${index}`, "float"]));
      const status = await as("admin", server)
        .post("/setup/v1/channels")
        .send({ channel_schema })
        .then(
          (answer) => answer.status,
          () => null,
        );
      expect(status).not.toBe(201);
    }
    const code = end.hasCome ? (await server.ended).code : 1;
    expect(code).not.toBe(0);
    expect(!end.hasCome || FATAL_LINE.test(server.stderr())).toBe(true);
  });
});
