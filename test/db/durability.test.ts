import { describe, expect, test } from "vitest";
import { environmentFor, kronicle, run, SERVER } from "../support/process.ts";
import { onCluster } from "../support/cluster/on-cluster.ts";
import { createEmptyDatabase, isNative } from "../support/database.ts";

const EXIT_CONFIG = 78;

async function refusal(settings: Parameters<typeof environmentFor>[0]) {
  await using server = run(SERVER, { ...environmentFor(settings), KRONICLE_PORT: "0" });
  const { code } = await server.ended;
  return { code, stdout: server.stdout(), words: server.stderr() };
}

function nameOf(databaseUrl: string | null): string {
  return new URL(databaseUrl ?? "").pathname.slice(1);
}

// Of the settings that matter, the one that the owner of a database may change; the others are judged alike.
describe.runIf(isNative)("a database whose commits are not on disk when they are said to be", () => {
  test("is refused with 78 before anything is made in it, and taken once that is mended", async () => {
    await using database = await createEmptyDatabase();
    const name = nameOf(database.settings.databaseUrl);
    await onCluster(`alter database ${name} set synchronous_commit = off`);
    const { code, stdout, words } = await refusal(database.settings);
    expect({ code, stdout }).toEqual({ code: EXIT_CONFIG, stdout: "" });
    expect(words).toContain("synchronous_commit is off");
    expect(words).toContain("Set synchronous_commit = on where it was turned off");
    expect(words).not.toMatch(/^ +at /m);
    const dump = await kronicle(["dump", "-"], environmentFor(database.settings));
    expect(dump.stderr).toContain("has 0 migrations");

    await onCluster(`alter database ${name} set synchronous_commit = local`);
    expect(await kronicle(["migrate"], environmentFor(database.settings))).toMatchObject({ code: 0 });
    await using server = run(SERVER, { ...environmentFor(database.settings), KRONICLE_PORT: "0" });
    await server.waitFor("stdout", /^Kronicle listens on /m);
  });

  test("is a failure to the doctor", async () => {
    await using database = await createEmptyDatabase();
    await onCluster(`alter database ${nameOf(database.settings.databaseUrl)} set synchronous_commit = off`);
    const { code, stdout } = await kronicle(["doctor"], environmentFor(database.settings));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail +durability: synchronous_commit is off: .+\n +-> Set synchronous_commit = on/m);
  });
});
