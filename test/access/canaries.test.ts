import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { readSigningKey } from "../support/identity.ts";
import { createTestDatabase } from "../support/database.ts";
import { asOwner, statement } from "../support/owner.ts";
import { CLI, environmentFor, run, startServerProcess } from "../support/process.ts";
import { startTestServer } from "../support/server.ts";

/** Nothing else contains it. */
const canary = (name: string) => `canary-${name}-${randomBytes(12).toString("hex")}`;

const STATIC_KEYS = {
  KRONICLE_READER_KEY: canary("static-reader-key"),
  KRONICLE_WRITER_KEY: canary("static-writer-key"),
  KRONICLE_ADMIN_KEY: canary("static-admin-key"),
};
const FIRST_ADMIN = { email: "first@example.org", password: canary("first-password") };

/** What may be found nowhere, by name. */
const secrets = new Map<string, string>(Object.entries({ ...STATIC_KEYS, firstPassword: FIRST_ADMIN.password }));

function secret(name: string): string {
  const text = canary(name);
  secrets.set(name, text);
  return text;
}

/** A key or a token that the server has made: its secret part has to be nowhere. */
function keep(name: string, credential: unknown): string {
  const text = String(credential);
  secrets.set(name, text.startsWith("krn_") ? (text.split("_")[3] ?? "") : (text.split(".")[2] ?? ""));
  return text;
}

let url: string;

type Call = { readonly token?: string; readonly headers?: Record<string, string>; readonly body?: unknown };

async function call(method: string, path: string, { token, headers = {}, body }: Call = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** Bytes that need not be HTTP. */
async function sendRaw(text: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.resume();
  socket.end(text);
  await once(socket, "close");
}

const admin = STATIC_KEYS.KRONICLE_ADMIN_KEY;

async function useEverySecret(): Promise<void> {
  const first = keep(
    "token",
    (await call("POST", "/auth/v1/login", { body: { login: FIRST_ADMIN.email, password: FIRST_ADMIN.password } })).body
      .access_token,
  );
  for (const key of Object.values(STATIC_KEYS)) expect((await call("GET", "/api/v1/channels", { token: key })).status).toBe(200);

  const [password, changed, reset] = [secret("password"), secret("changed-password"), secret("reset-password")];
  const { body: user } = await call("POST", "/rbac/v1/users", {
    token: first,
    body: { email: "ada@example.org", role: "admin", password },
  });
  const ada = keep(
    "token-of-ada",
    (await call("POST", "/auth/v1/login", { body: { login: "ada@example.org", password } })).body.access_token,
  );
  const change = { password, new_password: changed, confirm_password: changed };
  keep("second-token", (await call("POST", "/auth/v1/change_password", { token: ada, body: change })).body.access_token);
  expect((await call("PATCH", `/rbac/v1/users/${user.id}`, { token: first, body: { password: reset } })).status).toBe(200);

  const { body: key } = await call("POST", "/auth/v1/keys", { token: first, body: { lane: "writer", label: "plain" } });
  const writer = keep("key", key.key);
  const { body: next } = await call("POST", `/auth/v1/keys/${key.key_id}/rotate`, { token: first, body: {} });
  keep("rotated-key", next.key);
  const channel = { name: "thermo", channel_schema: { value: "float" }, rows: [{ value: 1 }] };
  const created = await call("POST", "/data/v1/channels", {
    token: writer,
    body: channel,
    headers: { "Idempotency-Key": secret("idempotency-key") },
  });
  expect(created.status).toBe(201);
  expect((await call("DELETE", `/auth/v1/keys/${next.key_id}`, { token: first })).status).toBe(200);
}

/** Where a secret is sent that does not belong there, or by a request that fails. */
async function misplaceSecrets(): Promise<void> {
  const login = (body: unknown) => call("POST", "/auth/v1/login", { body });
  await login({ login: "ada@example.org", password: secret("wrong-password") });
  await login({ login: secret("password-as-login"), password: "x" });
  await login({ login: "ada@example.org", passwort: secret("password-in-a-misspelt-field"), password: "x" });
  await login(`{"login": "ada@example.org", "password": "${secret("password-in-broken-json")}"`);
  await login({ login: "ada@example.org", password: { is: secret("password-in-an-object") } });
  await login({ login: "ada@example.org", password: "x", [secret("password-as-field")]: 1 });
  const createUser = (body: unknown) => call("POST", "/rbac/v1/users", { token: admin, body });
  await createUser({ email: "ada@example.org", role: "admin", password: secret("password-of-a-twin") });
  await createUser({ email: "ada@example.org", role: secret("password-as-role"), password: "correct horse battery" });
  await createUser({ email: `${secret("password-as-email")}`, role: "reader", password: "correct horse battery" });
  // Statements that fail in the database.
  expect(
    (await createUser({ email: "broken@example.org", role: "reader", password: secret("password-of-a-fault") })).status,
  ).toBe(500);
  const broken = await call("POST", "/auth/v1/keys", { token: admin, body: { lane: "writer", label: "broken" } });
  expect(broken.status).toBe(500);

  const someKey = `krn_writer_4fTq9ZbXw2Lk_${secret("key-in-a-header").replaceAll("-", "").slice(0, 43)}_000000`;
  secrets.set("key-in-a-header", someKey.split("_")[3] ?? "");
  const basic = Buffer.from(`ada:${someKey}`).toString("base64");
  secrets.set("basic-credentials", basic);
  for (const headers of [
    { Authorization: `Bearer ${someKey}` },
    { Authorization: someKey },
    { Authorization: `Basic ${basic}` },
    { "X-Api-Key": someKey },
    { Cookie: `session=${someKey}` },
    { "X-Request-Id": `not plain: ${someKey}` },
    { "If-Match": someKey },
    { Prefer: someKey },
    { Accept: someKey },
    { "Content-Type": someKey },
    { Origin: `http://${someKey}` },
  ]) {
    await call("GET", "/api/v1/channels", { headers });
    await call("DELETE", "/setup/v1/channels/6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", {
      headers: { Authorization: `Bearer ${admin}`, ...headers },
    });
  }
  const inQuery = secret("key-in-a-query");
  for (const query of [
    `token=${inQuery}`,
    `cursor=${inQuery}`,
    `name=${inQuery}`,
    `${inQuery}`,
    `col[${inQuery}]=1`,
    `tags=${inQuery}`,
  ]) {
    await call("GET", `/api/v1/channels?${query}`, { token: admin });
    await call("GET", `/nowhere?${query}`, { token: admin });
  }
  // Somebody takes the key for its id, or pastes a token into the address.
  const { body: pasted } = await call("POST", "/auth/v1/keys", { token: admin, body: { lane: "admin", label: "pasted" } });
  const whole = keep("key-in-a-path", pasted.key);
  const { body: signedIn } = await call("POST", "/auth/v1/login", {
    body: { login: FIRST_ADMIN.email, password: FIRST_ADMIN.password },
  });
  const token = keep("token-in-a-path", signedIn.access_token);
  for (const credential of [whole, token]) {
    expect((await call("DELETE", `/auth/v1/keys/${credential}`, { token: admin })).status).toBe(400);
    await call("POST", `/auth/v1/keys/${credential}/rotate`, { token: admin, body: {} });
    await call("GET", `/nowhere/${credential}/more`, { token: admin });
    await call("GET", `/x${credential}`, { token: admin });
  }

  await sendRaw(
    `GET /api/v1/channels HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret("key-in-broken-http")}\r\nbroken header\r\n\r\n`,
  );
  await sendRaw(`GET /${secret("key-in-a-broken-path")}\0 HTTP/1.1\r\nHost: x\r\n\r\n`);
  await sendRaw(
    `POST /auth/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n{"password":"${secret("smuggled-password")}"}`,
  );
}

describe("secrets that went every way into the server", () => {
  let log: string;
  let dump: string;
  beforeAll(async () => {
    await using database = await createTestDatabase();
    const environment = { ...environmentFor(database.settings), ...STATIC_KEYS, KRONICLE_LOG_LEVEL: "trace" };
    {
      await using before = await startTestServer(database.settings);
      await asOwner(before.context, async (owner) => {
        await owner.query(
          statement("alter table kronicle.user_account add constraint broken check (email <> 'broken@example.org')"),
        );
        await owner.query(statement("alter table kronicle.api_key add constraint broken check (label <> 'broken')"));
      });
    }
    {
      await using server = await startServerProcess({
        ...environment,
        KRONICLE_FIRST_ADMIN_EMAIL: FIRST_ADMIN.email,
        KRONICLE_FIRST_ADMIN_PASSWORD: FIRST_ADMIN.password,
      });
      url = server.url;
      await useEverySecret();
      await misplaceSecrets();
      await server.end("SIGTERM");
      log = server.stdout() + server.stderr();
    }
    {
      await using command = run([...CLI, "keys", "create", "--lane", "reader"], environment);
      await command.ended;
      keep("key-of-the-command-line", command.stdout().trim());
      log += command.stderr();
    }
    await using after = await startTestServer(database.settings);
    dump = await dumpEverything(after);
    secrets.set("signing-key", String((await readSigningKey(after)).jwk["d"]));
  }, 180_000);

  test("are many, and there is a log and a dump to search", () => {
    expect(secrets.size).toBeGreaterThan(25);
    for (const text of secrets.values()) expect(text.length).toBeGreaterThan(20);
    // So that this proves something: what is no secret is there.
    expect(log).toContain('"operation":"logIn"');
    expect(log).toContain("request failed");
    expect(log).toContain("unreadable request");
    expect(dump).toContain("ada@example.org");
    expect(dump).toContain("argon2id");
    expect(dump).toContain("thermo");
    expect(dump).toContain("key_rotated");
  });

  /** As it is, and as others may have written it. */
  const formsOf = (text: string) => [
    text,
    Buffer.from(text).toString("base64").slice(0, -4),
    Buffer.from(text).toString("hex"),
    encodeURIComponent(text),
  ];

  function findIn(text: string): string[] {
    return [...secrets].filter(([, hidden]) => formsOf(hidden).some((form) => text.includes(form))).map(([name]) => name);
  }

  test("are nowhere in the log", () => {
    expect(findIn(log)).toEqual([]);
  });

  test("are nowhere in the database, but for the key that signs", () => {
    expect(findIn(dump)).toEqual(["signing-key"]);
  });

  test("leave people's data out of the log as well", () => {
    for (const personal of ["ada@example.org", "broken@example.org", "argon2"]) expect(log).not.toContain(personal);
  });
});

/** Every row of every table, as text; bytes in hexadecimal. */
async function dumpEverything({ context }: Awaited<ReturnType<typeof startTestServer>>): Promise<string> {
  return asOwner(context, async (owner) => {
    const tables = await owner.any(
      statement(`
        select format('%I.%I', n.nspname, c.relname) as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema)' and has_table_privilege(c.oid, 'select')
      `),
    );
    const lines: string[] = [];
    for (const { name } of tables) {
      const rows = await owner.any(statement(`select t::text as line from ${name} t`));
      lines.push(String(name), ...rows.map(({ line }) => String(line)));
    }
    return lines.join("\n");
  });
}
