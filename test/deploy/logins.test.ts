import { execFileSync } from "node:child_process";
import { chmod, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { isNative } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";
import { CLI, run, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";

const CHECKOUT = new URL("../..", import.meta.url).pathname;
const MAKE_SECRETS = "docs/deploy/compose/make-secrets.sh";
const canMakeCluster = isNative && process.getuid?.() === 0;

function call(program: string, args: readonly string[], input = ""): string {
  return execFileSync(program, args, { cwd: CHECKOUT, encoding: "utf8", input, stdio: ["pipe", "pipe", "pipe"] }).trim();
}

/** A cluster that nobody has used yet, as the container of compose.yaml has it when it runs its scripts. */
function startCluster(directory: string) {
  const script = "test/support/timescaledb.sh";
  const superuser = new URL(call(script, ["start", directory]));
  const host = superuser.host;
  return {
    host,
    psql: (database: string, text: string, args: readonly string[] = []) => {
      superuser.pathname = `/${database}`;
      return call(script, ["run", directory, "psql", "-qXAt", superuser.href, ...args], text);
    },
    /** Where the processes of the cluster see the directory. */
    seen: (path: string) => {
      superuser.pathname = "/postgres";
      const data = call(script, ["run", directory, "psql", "-qXAt", superuser.href, "-c", "show data_directory"]);
      return join(data, "..", path);
    },
    [Symbol.asyncDispose]: async () => {
      call(script, ["stop", directory]);
    },
  };
}

describe("make-secrets.sh", () => {
  test("makes secrets that differ, in a directory that only its owner may enter, and never overwrites them", async () => {
    await using directory = await createDirectory();
    const secrets = join(directory.path, "secrets");
    call(MAKE_SECRETS, [secrets, "db.example"]);
    expect((await stat(secrets)).mode & 0o777).toBe(0o700);
    const texts = await Promise.all((await readdir(secrets)).map((name) => readFile(join(secrets, name), "utf8")));
    const passwords = texts.map((text) => /[0-9a-f]{48}/.exec(text)?.[0]);
    expect(new Set(passwords).size).toBe(6);
    expect(passwords).not.toContain(undefined);
    expect(() => call(MAKE_SECRETS, [secrets])).toThrow(/File exists/);
  });
});

describe.runIf(canMakeCluster)("the secrets and logins of compose.yaml", () => {
  test("let the server in, each lane with a login of its own, and all walls stand", async () => {
    await using directory = await createDirectory();
    await using cluster = startCluster(directory.path);
    const secrets = join(directory.path, "secrets");
    call(MAKE_SECRETS, [secrets, cluster.host]);
    // A container has the files alone, without the directory around them.
    await chmod(secrets, 0o755);
    cluster.psql("postgres", "create database kronicle");
    const scripts = await Promise.all(
      ["docs/deploy/compose/init-database.sql", "migrations/000011-timescaledb-walls.sql"].map((path) =>
        readFile(join(CHECKOUT, path), "utf8"),
      ),
    );
    const args = ["-v", `secrets=${cluster.seen("secrets")}`];
    for (const script of scripts) cluster.psql("kronicle", script, args);
    expect(cluster.psql("kronicle", "select rolname from pg_roles where rolsuper order by 1")).toBe("postgres");

    const settings = {
      DATABASE_URL_FILE: join(secrets, "database_url"),
      KRONICLE_READER_DATABASE_URL_FILE: join(secrets, "reader_database_url"),
      KRONICLE_WRITER_DATABASE_URL_FILE: join(secrets, "writer_database_url"),
      KRONICLE_ADMIN_DATABASE_URL_FILE: join(secrets, "admin_database_url"),
      KRONICLE_AUTH_DATABASE_URL_FILE: join(secrets, "auth_database_url"),
    };
    await using server = await startServerProcess({ ...settings, KRONICLE_ADMIN_KEY: KEYS.admin });
    const { body } = await as("admin", server).get("/setup/v1/capabilities").expect(200);
    expect(body.walls).toEqual({ contract: true, server: true, database_roles: true, separate_logins: true });
    await as("admin", server)
      .post("/data/v1/channels")
      .send({ name: "thermo-1", channel_schema: { temperature: "float" }, rows: [{ temperature: 20.5 }] })
      .expect(201);

    await using keys = run([...CLI, "keys", "create", "--lane", "reader"], settings);
    expect(await keys.ended).toEqual({ code: 0, signal: null });
    const headers = { Authorization: `Bearer ${keys.stdout().trim()}` };
    expect((await fetch(`${server.url}/api/v1/channels`, { headers })).status).toBe(200);

    const log = await readFile(join(directory.path, "data/server.log"), "utf8");
    for (const path of Object.values(settings)) expect(log).not.toContain(new URL(await readFile(path, "utf8")).password);
  });
});
