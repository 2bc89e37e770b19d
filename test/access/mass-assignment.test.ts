import { beforeEach, describe, expect, test } from "vitest";
import { OPERATIONS } from "../contract/document.ts";
import { prepareExamples, signInAsExample } from "../contract/example-world.ts";
import { anonymous, as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

/** What somebody would send who knows, or guesses, how things are stored. */
const SMUGGLED: readonly (readonly [name: string, json: string])[] = [
  ["role", '"admin"'],
  ["roles", '["admin"]'],
  ["is_superuser", "true"],
  ["owner", '"00000000-0000-4000-8000-000000000000"'],
  ["id", "1"],
  ["key_id", '"AAAAAAAAAAAA"'],
  ["password_hash", '"$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA"'],
  ["token_version", "7"],
  ["available_rows", "1000000"],
  ["schema_version", "7"],
  ["created_at", '"2000-01-01T00:00:00Z"'],
  ["deleted_at", '"2000-01-01T00:00:00Z"'],
  ["series_table", "1"],
  ["__proto__", '{"role":"admin"}'],
  ["constructor", '{"prototype":{"role":"admin"}}'],
];

/** The fields that are part of a body by the contract, and no smuggling there. */
const OWN_FIELDS: Readonly<Record<string, readonly string[]>> = { createUser: ["role"], patchUser: ["role"] };

const server = useTestServer();

/** Everything that a request could change, but for what is counted about requests, and for deleted channels, which are purged meanwhile. */
async function everythingStored(): Promise<unknown> {
  const living = "(select id from kronicle.channel where deleted_at is null)";
  const tables = [
    `channel t where t.id in ${living}`,
    "series_table t",
    `channel_stats t where t.channel in ${living}`,
    "idempotency t",
    "api_key t",
    "user_account t",
    "signing_key t",
  ];
  return asOwner(server.context, async (owner) => {
    const found = [];
    for (const table of tables) {
      // When a key was last used is told by using it.
      const rows = statement(`select (to_jsonb(t) - 'last_used_at')::text as row from kronicle.${table} order by 1`);
      found.push([table, await owner.any(rows)]);
    }
    return found;
  });
}

const bodies = OPERATIONS.flatMap((operation) =>
  operation.requests
    .filter(({ type, value }) => type === "application/json" && typeof value === "object" && !Array.isArray(value))
    .map(({ name, value }) => [`${operation.id} ${name}`, operation, JSON.stringify(value)] as const),
);

test("every operation that takes an object is tried", () => {
  expect(new Set(bodies.map(([, { id }]) => id)).size).toBeGreaterThan(12);
});

describe.each(bodies)("%s", (_name, { id, method, examplePath, exampleQuery, role }, body) => {
  beforeEach(() => prepareExamples(server));

  test("refuses whatever is smuggled in, says which field, and stores nothing", async () => {
    const caller = role === null ? anonymous(server) : as(role, server);
    if (id === "changePassword") caller.set("Authorization", `Bearer ${await signInAsExample(server)}`);
    const before = await everythingStored();
    for (const [name, json] of SMUGGLED.filter(([field]) => !OWN_FIELDS[id]?.includes(field))) {
      const smuggling = `{"${name}":${json},${body.slice(1)}`;
      const answer = await caller[method](examplePath).query(exampleQuery).type("application/json").send(smuggling);
      expect({ name, status: answer.status, text: answer.text }).toMatchObject({
        name,
        status: 400,
        text: expect.stringContaining(name),
      });
    }
    expect(await everythingStored()).toEqual(before);
  });
});

test("a row brings no columns of the database's own", async () => {
  await prepareExamples(server);
  const [, operation] = bodies.find(([, { id }]) => id === "appendRows") ?? [];
  for (const member of [
    '"_row":1',
    '"_channel":2',
    '"received_at":"2000-01-01T00:00:00Z"',
    '"float8_1":1',
    '"__proto__":{"temperature":1}',
  ]) {
    const { status } = await as("writer", server)
      .post(operation?.examplePath ?? "")
      .type("application/json")
      .send(`{"rows":[{"time":"2024-03-01T00:00:00Z","temperature":20.5,${member}}]}`);
    expect([member, status]).toEqual([member, 400]);
  }
});
