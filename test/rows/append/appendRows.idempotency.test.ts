import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "slonik";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createChannel, countRows } from "../../support/channels.ts";
import { isNative } from "../../support/database.ts";
import { as } from "../../support/http.ts";
import { asOwner } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const ROWS = { rows: [{ time: "2024-03-01T00:00:00Z", temperature: 1 }] };

async function create(name: string): Promise<string> {
  const fields = { name, channel_schema: { temperature: "float" } };
  return createChannel(server, fields);
}

/** Every way to append. */
const FORMS = [
  ["POST /data/…/rows", "writer", (id: string) => [`/data/v1/channels/${id}/rows`, ROWS] as const],
  ["POST /setup/…/rows", "admin", (id: string) => [`/setup/v1/channels/${id}/rows`, ROWS] as const],
  ["POST /data/v1/channels", "writer", (id: string) => ["/data/v1/channels", { channel_id: id, ...ROWS }] as const],
] as const;

describe.each(FORMS)("an Idempotency-Key with %s", (form, lane, request) => {
  const send = (id: string, key: string, more: object = {}) => {
    const [path, body] = request(id);
    return as(lane, server)
      .post(path)
      .set("Idempotency-Key", `"${key}"`)
      .send({ ...body, ...more });
  };

  test("gets the first outcome again, and stores nothing", async () => {
    const id = await create(`replayed, ${form}`);
    const key = crypto.randomUUID();
    const { body: first, headers } = await send(id, key).expect(200);
    expect(headers).not.toHaveProperty("idempotency-replayed");
    const { body: again, headers: replayed } = await send(id, key).expect(200);
    expect(again).toEqual(first);
    expect(replayed["idempotency-replayed"]).toBe("true");
    expect(await countRows(server, id)).toBe(1);
  });

  test("stores the rows of many who send the same at once but one time", async () => {
    const id = await create(`at once, ${form}`);
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(id, key)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    for (const status of statuses) expect(status).toBeOneOf([200, 409]);
    expect(await countRows(server, id)).toBe(1);
  });

  test("is a 422 with another body, and stores nothing", async () => {
    const id = await create(`reused, ${form}`);
    const key = crypto.randomUUID();
    await send(id, key).expect(200);
    const { body } = await send(id, key, { rows: [{ temperature: 2 }] }).expect(422);
    expect(body).toMatchObject({ code: "idempotency_key_reused" });
    expect(await countRows(server, id)).toBe(1);
  });

  /** The embedded database does one thing after another: no request meets another one there. */
  test.skipIf(!isNative)("is a 409 while the first request still runs, and then gets its outcome", async () => {
    const id = await create(`running, ${form}`);
    const key = crypto.randomUUID();
    const first = await asOwner(server.context, (owner) =>
      owner.transaction(async (transaction) => {
        // Nothing can be stored meanwhile.
        const table = await transaction.oneFirst(sql.type(z.object({ table_name: z.string() }))`
          select t.table_name
          from kronicle.series_table t
          join kronicle.channel c on c.series_table = t.id
          where c.channel_id = ${id}::uuid
        `);
        await transaction.query(sql.type(z.object({}))`lock table ${sql.identifier(["series", table])} in share mode`);
        const running = send(id, key).then((answer) => answer);
        const isWaiting = sql.type(z.object({ waits: z.boolean() }))`
          select exists (select from pg_locks l where l.locktype = 'relation' and not l.granted) as waits
        `;
        while (!(await transaction.oneFirst(isWaiting))) await sleep(10);
        const { body, headers } = await send(id, key).expect(409);
        expect(body).toMatchObject({ code: "idempotency_in_progress" });
        expect(headers["retry-after"]).toBe("1");
        return { running };
      }),
    );
    const answer = await first.running;
    expect(answer.status).toBe(200);
    const { body: again } = await send(id, key).expect(200);
    expect(again).toEqual(answer.body);
    expect(await countRows(server, id)).toBe(1);
  });
});

describe("appendRowsAsAdmin", () => {
  test("appends like the writer's, and refuses the same", async () => {
    const id = await create("by the admin");
    const append = (channelId: string, body: object) =>
      as("admin", server).post(`/setup/v1/channels/${channelId}/rows`).send(body);
    const { body } = await append(id, ROWS).expect(200);
    expect(body).toMatchObject({ op_status: "success", op_details: { inserted_rows: 1, available_rows: 1 } });
    const { body: refused } = await append(id, { rows: [{ temperature: "warm" }] }).expect(400);
    expect(refused).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/temperature" }] });
    await append("33333333-0000-4000-8000-000000000000", ROWS).expect(404);
    expect(await countRows(server, id)).toBe(1);
  });
});
