import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createNamedDatabase, createVirginDatabases } from "../support/cluster/databases.ts";
import { as } from "../support/http.ts";
import { createEmptyDatabase, createTestDatabase, isNative } from "../support/database.ts";
import { asOwner, statement } from "../support/owner.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

/** Everything that migrations make, down to the moment at which they did. */
function schemaOf({ context }: TestServer) {
  return asOwner(context, (owner) =>
    owner.any(
      statement(`
        select 'migration' as kind, m.id::text as name, m.name || m.applied_at as state from kronicle.migration m
        union all
        select 'relation', c.oid::regclass::text, concat(c.oid, c.relkind, c.relacl)
        from pg_class c where c.relnamespace in ('kronicle'::regnamespace, 'series'::regnamespace)
        union all
        select 'column', format('%s.%s', a.attrelid::regclass, a.attname), concat(a.atttypid, a.attnotnull, a.attacl)
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace in ('kronicle'::regnamespace, 'series'::regnamespace)
        union all
        select 'function', p.oid::regprocedure::text, concat(p.oid, p.prosrc, p.prosqlbody, p.proconfig, p.prosecdef, p.proacl)
        from pg_proc p where p.pronamespace = 'kronicle'::regnamespace
        union all
        select 'schema', n.nspname, concat(n.oid, n.nspacl) from pg_namespace n where n.nspname in ('kronicle', 'series')
        order by 1, 2, 3
      `),
    ),
  );
}

async function appendRow(server: TestServer, name: string): Promise<void> {
  await as("writer", server)
    .post("/data/v1/channels")
    .send({ name, channel_schema: { value: "float" }, rows: [{ time: "2024-03-01T00:00:00Z", value: 7 }] })
    .expect(201);
}

describe("a second migration", () => {
  test("changes nothing, and keeps what is stored", async () => {
    await using database = await createEmptyDatabase();
    await using first = await startTestServer(database.settings);
    await appendRow(first, "kept");
    const before = await schemaOf(first);
    await first.stop();

    await using second = await startTestServer(database.settings);
    expect(await schemaOf(second)).toEqual(before);
    const { body } = await as("reader", second).get("/api/v1/channels").expect(200);
    expect(body).toMatchObject([{ name: "kept", available_rows: 1 }]);
  });
});

describe("a database that is newer than the code", () => {
  test("is refused with a sentence, again and again", async () => {
    await using database = await createTestDatabase();
    await using server = await startTestServer(database.settings);
    await asOwner(server.context, (owner) =>
      owner.query(statement("insert into kronicle.migration (id, name) values (999999, '999999-from-the-future.sql')")),
    );
    await server.stop();

    const sentence = /^The database has migration 999999, this version knows \d+\. Start a newer version of Kronicle\.$/;
    await expect(startTestServer(database.settings)).rejects.toThrow(sentence);
    // The first refusal must not keep the database locked against the version that knows it.
    await expect(startTestServer(database.settings)).rejects.toThrow(sentence);
  });
});

describe("placeholders", () => {
  test("are all replaced by the roles of the lanes", async () => {
    await using server = await startTestServer();
    const schema = await schemaOf(server);
    expect(schema.filter(({ state }) => String(state).includes("{{"))).toEqual([]);

    const prefix = server.context.config.rolePrefix ?? "kronicle";
    const maker = schema.find(({ name }) => String(name).startsWith("kronicle.ensure_series_table"));
    expect(maker?.["state"]).toContain(`to "${prefix}_writer"`);
  });

  test.runIf(isNative)("take names that have to be quoted", async () => {
    await using database = await createNamedDatabase(`Kronicle test-${randomBytes(4).toString("hex")}`);
    await using server = await startTestServer(database.settings);
    await appendRow(server, "quoted");
    const role = await server.context.database.pools.writer.oneFirst(statement("select current_user"));
    expect(role).toMatch(/^Kronicle test-[0-9a-f]{8}_writer$/);
  });
});

describe.runIf(isNative)("a database name that cannot begin the names of four roles", () => {
  // PostgreSQL cuts names after 63 bytes: all lanes would get one and the same role, and no wall between them.
  test.each(["x".repeat(63), "100% mine", "it's mine"])("is refused: %s", async (name) => {
    await using database = await createNamedDatabase(name);
    await expect(startTestServer(database.settings)).rejects.toThrow("KRONICLE_ROLE_PREFIX");
  });
});

describe.runIf(isNative)("many at once", () => {
  test("eight databases of one cluster are migrated", async () => {
    await using databases = await createVirginDatabases(8);
    await using servers = new AsyncDisposableStack();
    const started = await Promise.all(databases.settings.map(async (settings) => servers.use(await startTestServer(settings))));
    for (const server of started) {
      await appendRow(server, "everywhere");
      const { body } = await as("reader", server).get("/api/v1/channels").expect(200);
      expect(body).toMatchObject([{ name: "everywhere", available_rows: 1 }]);
    }
  });

  test("six servers start on one new database, and it is migrated once", async () => {
    await using database = await createEmptyDatabase();
    await using servers = new AsyncDisposableStack();
    const started = await Promise.all(
      Array.from({ length: 6 }, async () => servers.use(await startTestServer(database.settings))),
    );
    for (const [index, server] of started.entries()) await appendRow(server, `server ${index}`);
    for (const server of started) {
      const { body } = await as("reader", server).get("/api/v1/channels").expect(200);
      expect(body).toHaveLength(started.length);
    }
  });
});
