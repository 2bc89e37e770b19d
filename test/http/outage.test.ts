import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { useTestServer } from "../support/use-test-server.ts";

const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
const ROWS = { rows: [{ time: "2024-03-01T00:00:00Z", temperature: 1 }] };

const server = useTestServer();
let repair: string;
beforeAll(async () => {
  const fields = { channel_id: ID, channel_schema: { temperature: "float" } };
  await as("admin", server).post("/setup/v1/channels").send(fields).expect(201);
  repair = await asOwner(server.context, (owner) =>
    owner.oneFirst(statement("select pg_get_functiondef('kronicle.rfc3339'::regproc) as definition")),
  ).then(String);
});

const execute = (text: string) => asOwner(server.context, (owner) => owner.query(statement(text)));

/** Whatever reads a channel calls this function, and gets the error that PostgreSQL has for the state. */
function failWith(state: string): Promise<unknown> {
  return execute(`
    create or replace function kronicle.rfc3339(t timestamptz) returns text language plpgsql
    as $$ begin raise exception 'secret of the database' using errcode = '${state}'; end $$
  `);
}

const LANES = [
  ["reader", () => as("reader", server).get(`/api/v1/channels/${ID}/rows`)],
  ["writer", () => as("writer", server).post(`/data/v1/channels/${ID}/rows`).send(ROWS)],
  [
    "admin",
    () =>
      as("admin", server)
        .patch(`/setup/v1/channels/${ID}`)
        .send({ tags: { floor: 3 } }),
  ],
] as const;

describe.each(LANES)("the %s lane", (_lane, send) => {
  test.each([
    ["53100", "the disk is full"],
    ["53300", "there are too many connections"],
    ["57P03", "it is starting"],
    ["57014", "the statement took too long"],
    ["40P01", "there was a deadlock"],
  ])("answers 503 and when to try again while the database says %s: %s", async (state) => {
    await failWith(state);
    try {
      const { body, text, headers } = await send().expect(503);
      expect(body).toMatchObject({ code: "database_unavailable", status: 503 });
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
      expect(text).not.toContain("secret");
    } finally {
      await execute(repair);
    }
    await send().expect(200);
  });

  test("answers 500, and nothing of the cause, to an error that nobody foresaw", async () => {
    await failWith("XX000");
    try {
      const { body, text, headers } = await send().expect(500);
      expect(body).toMatchObject({ code: "server_fault", request_id: headers["x-request-id"] });
      expect(text).not.toContain("secret");
    } finally {
      await execute(repair);
    }
    await send().expect(200);
  });
});
