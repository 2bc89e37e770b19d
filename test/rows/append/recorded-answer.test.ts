import { describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();
const GOOD = { time: "2024-03-01T00:00:00Z", value: 1 };
const BAD = { time: "2024-03-01T00:00:01Z", value: "x" };

async function create(): Promise<string> {
  const { body } = await as("admin", server)
    .post("/setup/v1/channels")
    .send({ channel_schema: { value: "float", note: "optional[str]" } })
    .expect(201);
  return body.channel_id;
}

const FORMS = [
  { form: "appendRows", to: (id: string) => [`/data/v1/channels/${id}/rows`, {}] as const },
  { form: "upsertChannel", to: (id: string) => ["/data/v1/channels", { channel_id: id }] as const },
  { form: "upsertChannel with labels", to: (id: string) => ["/data/v1/channels", { channel_id: id, tags: { a: 1 } }] as const },
];

describe.each(FORMS)("what $form was answered", ({ to }) => {
  const send = (id: string, key: string, rows: readonly object[], query = "strict=false", prefer = "") => {
    const [path, fields] = to(id);
    return as("writer", server)
      .post(`${path}?${query}`)
      .set("Idempotency-Key", `"${key}"`)
      .set("Prefer", prefer)
      .send({ ...fields, rows });
  };
  const patch = (id: string, channel_schema: object) =>
    as("admin", server).patch(`/setup/v1/channels/${id}`).send({ channel_schema }).expect(200);
  /** So that anything may become of the columns. */
  const changeColumns = (id: string, columns: string) =>
    asOwner(server.context, (owner) =>
      owner.query(
        statement(`
          update kronicle.channel
          set columns = '${columns}', channel_schema = '{"time":"datetime","renamed":"float"}', version = version + 1,
            schema_version = schema_version + 1
          where channel_id = '${id}'
        `),
      ),
    );
  const RENAMED = '[{"name": "renamed", "type": "float", "optional": true, "slot": "float8_1"}]';

  test("is answered again: counts, rejected rows and faults, after a new column came that would take them", async () => {
    const id = await create();
    const key = crypto.randomUUID();
    const rows = [GOOD, { ...GOOD, later: 7 }, BAD];
    const { body: first } = await send(id, key, rows).expect(200);
    expect(first.op_details).toMatchObject({ provided_rows: 3, inserted_rows: 1, rejected_rows: 2 });
    expect(first.op_status).toBe("warning");
    await patch(id, { value: "float", note: "optional[str]", later: "optional[float]" });
    const { body: again, headers } = await send(id, key, rows).expect(200);
    expect(headers["idempotency-replayed"]).toBe("true");
    expect(again.op_status).toBe("warning");
    expect(again.op_details).toEqual(first.op_details);
  });

  test("is answered again when the rows do not fit the columns any more, and no rows are made up", async () => {
    const id = await create();
    const key = crypto.randomUUID();
    const first = await send(id, key, [GOOD], "strict=true", "return=representation").expect(200);
    expect(first.body.rows).toHaveLength(1);
    const same = await send(id, key, [GOOD], "strict=true", "return=representation").expect(200);
    expect(same.headers["preference-applied"]).toBe("return=representation");
    expect(same.body.rows).toEqual(first.body.rows);

    await changeColumns(id, RENAMED);
    const again = await send(id, key, [GOOD], "strict=true", "return=representation").expect(200);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again.body.op_details).toEqual(first.body.op_details);
    expect(again.headers).not.toHaveProperty("preference-applied");
    expect(again.body).not.toHaveProperty("rows");
    // A key that nothing was stored with is refused as before.
    await send(id, crypto.randomUUID(), [GOOD], "strict=true").expect(400);
  });

  test("lists no more than twenty faults again, and keeps nothing where there were none", async () => {
    const id = await create();
    const [many, none] = [crypto.randomUUID(), crypto.randomUUID()];
    const rows = [GOOD, ...Array.from({ length: 50 }, () => BAD)];
    const { body: first } = await send(id, many, rows).expect(200);
    const { body: again } = await send(id, many, rows).expect(200);
    expect(again.op_details).toEqual({ ...first.op_details, details: first.op_details.details.slice(0, 20) });
    await send(id, none, [GOOD]).expect(200);
    const kept = await asOwner(server.context, (owner) =>
      owner.anyFirst(
        statement(`
          select i.faults is null
          from kronicle.idempotency i
          join kronicle.channel c on c.id = i.channel
          where c.channel_id = '${id}'
          order by 1
        `),
      ),
    );
    expect(kept).toEqual([false, true]);
  });

  test("from before it was recorded is answered by what is known", async () => {
    const id = await create();
    const key = crypto.randomUUID();
    await send(id, key, [GOOD, BAD]).expect(200);
    await asOwner(server.context, (owner) =>
      owner.query(
        statement(
          "update kronicle.idempotency set provided_rows = null, rejected_rows = null, faults = null, schema_version = null",
        ),
      ),
    );
    const { body } = await send(id, key, [GOOD, BAD]).expect(200);
    expect(body.op_details).toMatchObject({ provided_rows: 1, inserted_rows: 1, rejected_rows: 0, details: [] });
  });
});
