import { chmod, chown, readdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { as } from "../support/http.ts";
import { createTestDatabase, isNative } from "../support/database.ts";
import { createDirectory } from "../support/directory.ts";
import { KEYS } from "../support/server.ts";
import { openImage } from "./image.ts";

/** What test/deploy/build-image.sh has made; `.ci/run` sets it. */
const BUILT = process.env["IMAGE_DIR"];

/** The image with secrets that only its own group may read, and the settings that name them. */
async function withSecrets(secrets: Readonly<Record<string, string>>) {
  const directory = await createDirectory();
  const image = openImage(BUILT ?? "", directory.path);
  const [, group = ""] = image.config.User.split(":");
  await chmod(directory.path, 0o755);
  for (const [name, value] of Object.entries(secrets)) {
    const path = join(directory.path, name);
    await writeFile(path, `${value}\n`, { mode: 0o440 });
    await chown(path, 0, Number(group));
  }
  const settings = Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, `/run/secrets/${name}`]));
  return { image, settings, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

async function listen() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: z.object({ port: z.int() }).parse(server.address()).port };
}

async function freePort(): Promise<string> {
  const { server, port } = await listen();
  server.close();
  return String(port);
}

describe.runIf(BUILT && isNative)("the image", () => {
  test("serves as process 1 and as nobody, writes no file, takes secrets from files, and ends with 0", async () => {
    await using database = await createTestDatabase();
    const { databaseUrl, rolePrefix } = database.settings;
    await using held = await withSecrets({
      DATABASE_URL: databaseUrl ?? "",
      KRONICLE_READER_KEY: KEYS.reader,
      KRONICLE_WRITER_KEY: KEYS.writer,
    });
    const settings = { ...held.settings, KRONICLE_ROLE_PREFIX: rolePrefix ?? "", KRONICLE_PORT: await freePort() };
    await using server = held.image.start(settings);
    await server.waitFor("stdout", /^Kronicle listens on http:\/\/0\.0\.0\.0:\d+\n/);

    const status = server.status();
    expect(status.get("NSpid")?.split("\t").at(-1)).toBe("1");
    expect(status.get("Name")).toMatch(/^(node|MainThread)$/);
    expect(status.get("Uid")).toBe("65532\t65532\t65532\t65532");
    expect(status.get("CapEff")).toBe("0000000000000000");

    const url = `http://127.0.0.1:${settings.KRONICLE_PORT}`;
    const { body } = await as("writer", { url })
      .post("/data/v1/channels")
      .send({ name: "thermo-1", channel_schema: { temperature: "float" }, rows: [{ temperature: 20.5 }] })
      .expect(201);
    const { body: read } = await as("reader", { url }).get(`/api/v1/channels/${body.channel_id}/rows`).expect(200);
    expect(read.rows).toMatchObject([{ temperature: 20.5 }]);
    expect((await fetch(`${url}/docs`)).status).toBe(200);

    expect(await held.image.checkHealth(settings)).toBe(0);
    expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(await held.image.checkHealth(settings)).toBe(1);
  });

  test("ends with 0 when it is stopped before it listens", async () => {
    const { server: silent, port } = await listen();
    await using held = await withSecrets({ DATABASE_URL: `postgres://app:app@127.0.0.1:${port}/none` });
    await using server = held.image.start(held.settings);
    await once(silent, "connection");
    expect(await server.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    silent.close();
  });

  test("keeps nothing in itself: without a database it ends with 78 and says what to set", async () => {
    await using held = await withSecrets({});
    await using server = held.image.start({});
    expect(await server.ended).toEqual({ code: 78, signal: null });
    expect(server.stderr()).toMatch(/Set DATABASE_URL/);
  });

  test("runs the other commands of the server", async () => {
    await using database = await createTestDatabase();
    await using held = await withSecrets({ DATABASE_URL: database.settings.databaseUrl ?? "" });
    const settings = { ...held.settings, KRONICLE_ROLE_PREFIX: database.settings.rolePrefix ?? "" };
    await using command = held.image.start(settings, ["keys", "create", "--lane", "admin"]);
    expect(await command.ended).toEqual({ code: 0, signal: null });
    expect(command.stdout()).toMatch(/^krn_admin_\w+\n$/);
  });

  test("holds the server and what it depends on, and nothing to install or build more with", async () => {
    await using held = await withSecrets({});
    const { root } = held.image;
    expect((await readdir(join(root, "usr/local/bin"))).toSorted()).toEqual(["node"]);
    expect((await readdir(join(root, "kronicle"))).toSorted()).toEqual([
      "LICENSE",
      "client",
      "migrations",
      "node_modules",
      "openapi",
      "package.json",
      "pnpm-lock.yaml",
      "pnpm-workspace.yaml",
      "server",
    ]);
    const packages = (await readdir(join(root, "kronicle/node_modules/.pnpm"))).map((name) => name.replace(/(?<=.)@.*/, ""));
    expect(packages).toContain("express");
    for (const name of ["vitest", "typescript", "oxlint", "prettier", "knip", "supertest", "node"])
      expect(packages).not.toContain(name);
    expect(await readdir(join(root, "root"))).not.toContain(".cache");
  });

  test("says what it is, and names no secret", async () => {
    await using held = await withSecrets({});
    const { Labels, Env, User } = held.image.config;
    expect(User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(Labels).toMatchObject({
      "org.opencontainers.image.title": "Kronicle",
      "org.opencontainers.image.licenses": "Apache-2.0",
    });
    expect(Env.filter((setting) => /KEY|PASSWORD|DATABASE|TOKEN/.test(setting))).toEqual([]);
  });
});
