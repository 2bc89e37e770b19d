/** Rows whose times a channel has already, and what `on_same_time=ignore` makes of them. */
import { describe, expect, test } from "vitest";
import { createTurns } from "../../../server/src/rows/append/turns.ts";
import { connect } from "../../client/connect.ts";
import { countRows, createChannel, getChannel, readRows } from "../../support/channels.ts";
import { createTestDatabase, isNative } from "../../support/database.ts";
import { as } from "../../support/http.ts";
import { inParallel } from "../../support/in-parallel.ts";
import { startTestServer } from "../../support/server.ts";
import { useTestServer } from "../../support/use-test-server.ts";
import { defineChannel } from "@kronicle/client";

const server = useTestServer();
const SCHEMA = { value: "int", note: "optional[str]" };
const create = () => createChannel(server, { channel_schema: SCHEMA });

const at = (seconds: number) => new Date(Date.parse("2024-03-01T00:00:00Z") + seconds * 1_000).toISOString();
const row = (seconds: number, value: number) => ({ time: at(seconds), value });

type Sent = { readonly key?: string; readonly prefer?: string };

/** The lanes and forms that rows can be appended in. */
const FORMS = [
  { form: "appendRows", role: "writer", path: (id: string) => `/data/v1/channels/${id}/rows`, fields: {} },
  { form: "appendRowsAsAdmin", role: "admin", path: (id: string) => `/setup/v1/channels/${id}/rows`, fields: {} },
  { form: "upsertChannel", role: "writer", path: () => "/data/v1/channels", fields: {} },
  { form: "upsertChannel with labels", role: "writer", path: () => "/data/v1/channels", fields: { tags: { a: 1 } } },
] as const;
const [APPEND] = FORMS;

function send(
  id: string,
  rows: readonly object[],
  query = "on_same_time=ignore",
  { key, prefer }: Sent = {},
  form: (typeof FORMS)[number] = APPEND,
) {
  const request = as(form.role, server).post(`${form.path(id)}?${query}`);
  if (key !== undefined) request.set("Idempotency-Key", `"${key}"`);
  if (prefer !== undefined) request.set("Prefer", prefer);
  return request.send(form.form.startsWith("upsert") ? { channel_id: id, ...form.fields, rows } : { rows });
}

describe.each(FORMS)("$form with on_same_time=ignore", (form) => {
  const ignore = (id: string, rows: readonly object[], more = "", sent: Sent = {}) =>
    send(id, rows, `on_same_time=ignore${more}`, sent, form);

  test("leaves out rows whose time is there, and counts them", async () => {
    const id = await create();
    await send(id, [row(0, 1), row(10, 2)], "");
    const { body } = await ignore(id, [row(0, 9), row(5, 3), row(10, 2), row(20, 4)]).expect(200);
    expect(body).toMatchObject({
      op_status: "success",
      available_rows: 4,
      first_time: "2024-03-01T00:00:00Z",
      last_time: "2024-03-01T00:00:20Z",
    });
    expect(body.op_details).toEqual({
      provided_rows: 4,
      inserted_rows: 2,
      rejected_rows: 0,
      ignored_rows: 2,
      available_rows: 4,
      details: [],
    });
    expect((await readRows(server, id, "?sort=time&columns=value")).map(({ value }) => value)).toEqual([1, 3, 2, 4]);
  });

  test("leaves out rows of one request that come later with the same time", async () => {
    const id = await create();
    const { body } = await ignore(id, [row(7, 1), row(3, 2), row(7, 3), { time: "2024-03-01T01:00:07+01:00", value: 4 }]).expect(
      200,
    );
    expect(body.op_details).toMatchObject({ inserted_rows: 2, ignored_rows: 2 });
    expect((await readRows(server, id, "?sort=time&columns=value")).map(({ value }) => value)).toEqual([2, 1]);
  });

  test("stores nothing, with 200, when all times are there", async () => {
    const id = await create();
    await ignore(id, [row(0, 1), row(1, 2)]).expect(200);
    const { body } = await ignore(id, [row(1, 3), row(0, 4)]).expect(200);
    expect(body.op_details).toMatchObject({ provided_rows: 2, inserted_rows: 0, ignored_rows: 2, available_rows: 2 });
    expect(await getChannel(server, id)).toMatchObject({ available_rows: 2 });
  });

  test("with strict=false counts bad rows apart, and a bad row takes no time", async () => {
    const id = await create();
    await send(id, [row(0, 1)], "");
    const { body } = await ignore(id, [row(0, 2), { time: at(1), value: "x" }, row(1, 3)], "&strict=false").expect(200);
    expect(body).toMatchObject({
      op_status: "warning",
      op_details: {
        provided_rows: 3,
        inserted_rows: 1,
        rejected_rows: 1,
        ignored_rows: 1,
        details: [{ subfield: "/rows/1/value" }],
      },
    });
  });

  test("sends back the rows that were stored", async () => {
    const id = await create();
    await send(id, [row(0, 1)], "");
    const { body } = await ignore(id, [row(0, 2), row(1, 3)], "", { prefer: "return=representation" }).expect(200);
    expect(body.rows).toEqual([{ time: "2024-03-01T00:00:01Z", value: 3, note: null }]);
    const none = await ignore(id, [row(0, 2)], "", { prefer: "return=representation" }).expect(200);
    expect(none.body.rows).toEqual([]);
  });

  test("answers a repeated request with the counts of the first", async () => {
    const id = await create();
    const key = crypto.randomUUID();
    const rows = [row(0, 1), row(0, 2), row(1, 3)];
    const first = await ignore(id, rows, "", { key }).expect(200);
    expect(first.body.op_details).toMatchObject({ inserted_rows: 2, ignored_rows: 1 });
    const again = await ignore(id, rows, "", { key, prefer: "return=representation" }).expect(200);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again.body.op_details).toEqual(first.body.op_details);
    // Which of them were stored nobody knows any more.
    expect(again.body).not.toHaveProperty("rows");
    await send(id, rows, "on_same_time=keep", { key }, form).expect(422);
    expect(await countRows(server, id)).toBe(2);
  });

  test("needs a time in each row", async () => {
    const id = await create();
    const { body } = await ignore(id, [row(0, 1), { value: 2 }]).expect(400);
    expect(body.errors).toMatchObject([{ pointer: "/rows/1/time", code: "missing" }]);
    expect(body.errors[0].detail).toContain("on_same_time=ignore");
    expect(await countRows(server, id)).toBe(0);
  });

  test("of many that send the same at once, stores each time once", async () => {
    const id = await create();
    const answers = await inParallel(24, 12, (index) =>
      ignore(
        id,
        Array.from({ length: 20 }, (_, n) => row((n * 7 + index) % 40, index)),
        "",
        index % 2 ? { key: crypto.randomUUID() } : {},
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const inserted = answers.reduce((sum, { body }) => sum + body.op_details.inserted_rows, 0);
    const times = (await readRows(server, id)).map(({ time }) => time);
    expect(new Set(times).size).toBe(times.length);
    expect([inserted, await countRows(server, id)]).toEqual([times.length, times.length]);
  });
});

describe("on_same_time", () => {
  test.each(["", "on_same_time=keep"])("keeps rows of the same time by default: %j", async (query) => {
    const id = await create();
    await send(id, [row(0, 1), row(0, 2)], query).expect(200);
    const { body } = await send(id, [row(0, 3)], query).expect(200);
    expect(body.op_details).toMatchObject({ inserted_rows: 1, ignored_rows: 0, available_rows: 3 });
  });

  test.each(["on_same_time=replace", "on_same_time=", "on_same_time=ignore&on_same_time=keep"])("refuses %s", async (query) => {
    await send(await create(), [row(0, 1)], query).expect(400);
  });

  test.each([
    ["text/csv", `time,value\n${at(0)},9\n${at(1)},2\n`],
    ["application/x-ndjson", `${JSON.stringify(row(0, 9))}\n${JSON.stringify(row(1, 2))}\n`],
  ])("is for %s as well", async (type, text) => {
    const id = await create();
    await send(id, [row(0, 1)], "");
    const path = `/data/v1/channels/${id}/rows?on_same_time=ignore`;
    const { body } = await as("writer", server).post(path).set("Content-Type", type).send(text).expect(200);
    expect(body.op_details).toMatchObject({ inserted_rows: 1, ignored_rows: 1 });
  });

  test("tells times apart by a microsecond, at the ends of time as well", async () => {
    const id = await create();
    const times = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2024-03-01T00:00:00.000001Z", "2024-03-01T00:00:00Z"];
    const rows = times.map((time, value) => ({ time, value }));
    expect((await send(id, rows).expect(200)).body.op_details).toMatchObject({ inserted_rows: 4, ignored_rows: 0 });
    const near = [...rows, { time: "2024-03-01T00:00:00.000002Z", value: 9 }, { time: "1970-01-01T00:00:00Z", value: 9 }];
    expect((await send(id, near).expect(200)).body.op_details).toMatchObject({ inserted_rows: 2, ignored_rows: 4 });
  });

  test("looks at no row of another channel, and at none that was deleted", async () => {
    const [one, other] = [await create(), await create()];
    await send(one, [row(0, 1), row(1, 2), row(2, 3)]).expect(200);
    expect((await send(other, [row(0, 1)]).expect(200)).body.op_details).toMatchObject({ inserted_rows: 1 });
    await as("admin", server).delete(`/setup/v1/channels/${one}/rows?max[value]=1`).expect(200);
    expect((await send(one, [row(0, 7), row(1, 7)]).expect(200)).body.op_details).toMatchObject({
      inserted_rows: 1,
      ignored_rows: 1,
    });
    await as("admin", server).delete(`/setup/v1/channels/${one}/rows?all=true`).expect(200);
    expect((await send(one, [row(0, 8), row(1, 8)]).expect(200)).body.op_details).toMatchObject({
      inserted_rows: 2,
      ignored_rows: 0,
    });
  });

  test("finds the times of thousands of rows that lie in many chunks", async () => {
    const id = await createChannel(server, { channel_schema: { value: "int" }, density: "dense" });
    const many = (start: number) => Array.from({ length: 3_000 }, (_, n) => row((start + n) * 1_000, n));
    await send(id, many(0)).expect(200);
    const { body } = await send(id, many(1_500).toReversed()).expect(200);
    expect(body.op_details).toMatchObject({
      provided_rows: 3_000,
      inserted_rows: 1_500,
      ignored_rows: 1_500,
      available_rows: 4_500,
    });
  });

  test("ignores in a channel that the same request makes", async () => {
    const body = { name: "made", channel_schema: { value: "int" }, rows: [row(0, 1), row(0, 2)] };
    const made = await as("writer", server).post("/data/v1/channels?on_same_time=ignore").send(body).expect(201);
    expect(made.body.op_details).toMatchObject({ inserted_rows: 1, ignored_rows: 1, available_rows: 1 });
  });

  test("goes by the columns of now, while they are changed, and by the channel that is there", async () => {
    const id = await create();
    await send(id, [row(0, 1)]).expect(200);
    const patches = inParallel(10, 1, (n) =>
      as("admin", server)
        .patch(`/setup/v1/channels/${id}`)
        .send({ channel_schema: { [`more ${n}`]: "optional[int]" } })
        .expect(200),
    );
    const answers = await inParallel(30, 3, (n) => send(id, [row(n % 10, n)]));
    await patches;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await countRows(server, id)).toBe(10);
    await as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200);
    await send(id, [row(0, 1)]).expect(404);
  });

  test("is an option of the client's appends and of its batch writer", async () => {
    const id = await create();
    const channel = connect("writer", server).writer.channel(id, defineChannel({ value: "int", note: "optional[str]" }));
    await channel.append([row(0, 1)]);
    const { op_details } = await channel.append([row(0, 2), row(1, 2)], { onSameTime: "ignore" });
    expect(op_details).toMatchObject({ inserted_rows: 1, ignored_rows: 1 });
    await using writer = channel.writer({ onSameTime: "ignore", onRejected: (_rejected, error) => expect.fail(String(error)) });
    for (const seconds of [0, 1, 2, 2]) await writer.write(row(seconds, 3));
    await writer.flush();
    expect(await countRows(server, id)).toBe(3);
  });
});

describe("turns", () => {
  test("come one after the other for one channel, whatever becomes of each, and at once for several", async () => {
    const takeTurn = createTurns();
    const log: string[] = [];
    const work =
      (name: string, isFailing = false) =>
      async () => {
        log.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push(`${name} ends`);
        if (isFailing) throw new Error(name);
        return name;
      };
    const turns = [takeTurn(1, work("a", true)), takeTurn(1, work("b")), takeTurn(2, work("c")), takeTurn(1, work("d"))];
    expect((await Promise.allSettled(turns)).map(({ status }) => status)).toEqual([
      "rejected",
      "fulfilled",
      "fulfilled",
      "fulfilled",
    ]);
    expect(log.filter((line) => !line.startsWith("c"))).toEqual([
      "a begins",
      "a ends",
      "b begins",
      "b ends",
      "d begins",
      "d ends",
    ]);
    expect(log.slice(0, 2).toSorted()).toEqual(["a begins", "c begins"]);
  });
});

// The embedded database belongs to one process.
describe.runIf(isNative)("two servers on one database", () => {
  test("store each time once between them", async () => {
    await using database = await createTestDatabase();
    await using one = await startTestServer(database.settings);
    await using other = await startTestServer(database.settings);
    const id = await createChannel(one, { channel_schema: { value: "int" } });
    const answers = await inParallel(40, 10, (index) =>
      as("writer", index % 2 === 0 ? one : other)
        .post(`/data/v1/channels/${id}/rows?on_same_time=ignore`)
        .send({ rows: Array.from({ length: 10 }, (_, n) => row((index >> 2) * 5 + n, index)) }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const times = (await readRows(one, id)).map(({ time }) => time);
    expect([times.length, new Set(times).size]).toEqual([55, 55]);
  });
});
