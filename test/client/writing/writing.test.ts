import { defineChannel, isApiError } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";

const counter = defineChannel({ count: "int64", note: "optional[str]" });
const rows = [
  { time: "2024-03-01T01:00:00.000001+01:00", count: 9007199254740993n },
  { time: new Date("2024-03-01T00:01:00Z"), count: 2n, note: "x" },
];
const stored = [
  { time: "2024-03-01T00:00:00.000001Z", count: 9007199254740993n, note: null },
  { time: "2024-03-01T00:01:00Z", count: 2n, note: "x" },
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Callers without types may hand over anything. */
const untyped = (value: unknown) => value as never;

async function createChannel() {
  const { channel_id } = await connect("admin", server).setup.createChannel({ schema: counter });
  return connect("writer", server).writer.channel(channel_id, counter);
}

describe("an idempotency key", () => {
  test("stores the rows of a repeated append once, and says so", async () => {
    const channel = await createChannel();
    const options = { idempotencyKey: "the only one, with a space: ~!" + crypto.randomUUID() };
    const first = await channel.append(rows, options);
    const again = await channel.append(rows, options);

    expect(first).toMatchObject({ replayed: false, op_details: { inserted_rows: 2, available_rows: 2 } });
    expect(again).toEqual({ ...first, replayed: true });
    expect(await channel.get()).toMatchObject({ available_rows: 2 });
    expect(await channel.append(rows)).toMatchObject({ replayed: false, available_rows: 4 });
  });

  test("makes an upsert safe to repeat, and refuses another body", async () => {
    const { writer } = connect("writer", server);
    const options = { idempotencyKey: crypto.randomUUID() };
    const upsert = (note: string) =>
      writer.upsertChannel({ name: options.idempotencyKey, schema: counter, rows: [{ count: 1n, note }] }, options);
    const first = await upsert("a");
    expect(await upsert("a")).toEqual({ ...first, replayed: true });
    expect(await upsert("b").catch((error: unknown) => isApiError(error, "idempotency_key_reused"))).toBe(true);
  });

  test.each(["", 'a"b', "a\\b", "ü", "a\nb", "x".repeat(256), null, 1])("that is %j is a TypeError", async (idempotencyKey) => {
    const channel = await createChannel();
    await expect(channel.append(rows, { idempotencyKey: untyped(idempotencyKey) })).rejects.toThrow(TypeError);
    expect(await channel.get()).toMatchObject({ available_rows: 0 });
  });
});

describe("strict", () => {
  const mixed = untyped([{ count: 1n }, { count: "no number" }]);

  test("is the default: a bad row keeps the others out", async () => {
    const channel = await createChannel();
    await expect(channel.append(mixed)).rejects.toMatchObject({ code: "row_invalid" });
    await expect(channel.append(mixed, { strict: true })).rejects.toMatchObject({ code: "row_invalid" });
    expect(await channel.get()).toMatchObject({ available_rows: 0 });
  });

  test("that is false stores the good rows and reports the bad one", async () => {
    const channel = await createChannel();
    const result = await channel.append(mixed, { strict: false });
    expect(result).toMatchObject({
      op_status: "warning",
      op_details: { inserted_rows: 1, rejected_rows: 1, details: [{ subfield: "/rows/1/count" }] },
    });
    expect(await channel.get()).toMatchObject({ available_rows: 1 });
  });
});

describe("returnRows", () => {
  test("gives the rows as they are stored, with their types", async () => {
    const channel = await createChannel();
    expect((await channel.append(rows, { returnRows: true })).rows).toEqual(stored);
    const upserted = await connect("writer", server).writer.upsertChannel(
      { name: "echo", schema: counter, rows },
      { returnRows: true },
    );
    expect(upserted.rows).toEqual(stored);
  });

  test("is off unless asked for", async () => {
    const channel = await createChannel();
    expect(await channel.append(rows)).not.toHaveProperty("rows");
    expect(await channel.append(rows, { returnRows: false })).not.toHaveProperty("rows");
  });

  test("gives the rows of the first append when it is repeated", async () => {
    const channel = await createChannel();
    const options = { idempotencyKey: crypto.randomUUID(), returnRows: true } as const;
    const untimed = [{ count: 1n }];
    const first = await channel.append(untimed, options);
    expect((await channel.append(untimed, options)).rows).toEqual(first.rows);
    expect((await channel.rows().page()).rows).toEqual(first.rows);
  });

  test("of an upsert without rows gives none", async () => {
    const { writer } = connect("writer", server);
    const { rows } = await writer.upsertChannel({ name: "no rows", schema: counter }, { returnRows: true });
    expect(rows).toEqual([]);
  });
});

describe("a list of channels", () => {
  test("is that of the labels, on every lane", async () => {
    const { setup, writer, reader } = connect("admin", server);
    const make = (name: string, tags: Record<string, string | number | string[]>, metadata: object) =>
      setup.createChannel({ schema: counter, name, tags, metadata: { ...metadata } });
    await make("list-1", { room: "a:b&c", floor: 3, teams: ["x", "y,z"] }, { site: "roof" });
    await make("list-2", { room: "lab", floor: "3" }, { site: "roof" });

    for (const lane of [reader, writer, setup]) {
      const names = async (query: Parameters<typeof lane.listChannels>[0]) =>
        (await lane.listChannels(query).page()).channels.map(({ name }) => name);
      expect(await names({ tags: { floor: 3 } })).toEqual(["list-1", "list-2"]);
      expect(await names({ tags: { room: "a:b&c" } })).toEqual(["list-1"]);
      expect(await names({ tags: { teams: ["x", "y,z"] } })).toEqual(["list-1"]);
      expect(await names({ tags: { teams: ["x", "none"] } })).toEqual([]);
      expect(await names({ tags: { teams: { exists: true } } })).toEqual(["list-1"]);
      expect(await names({ tags: { room: "lab" }, metadata: { site: "roof" } })).toEqual(["list-2"]);
      expect(await names({ name: "list-2" })).toEqual(["list-2"]);
      const one = await lane.listChannels({ metadata: { site: "roof" }, limit: 1 }).page();
      expect(one).toMatchObject({ hasMore: true, channels: [{ name: "list-1" }] });
    }
    const paged: (string | null)[] = [];
    for await (const { name } of setup.listChannels({ metadata: { site: "roof" }, limit: 1 })) paged.push(name);
    expect(paged).toEqual(["list-1", "list-2"]);
  });

  test.each([
    ["undefined", { room: undefined }],
    ["null", { room: null }],
    ["no value", { room: [] }],
    ["an object", { room: { exists: false } }],
    ["a key with a colon", { "a:b": "c" }],
    ["an empty key", { "": "c" }],
    ["a list", ["room:lab"]],
    ["a Map", new Map([["room", "lab"]])],
  ])("refuses a filter of %s by a TypeError", async (_what, tags) => {
    const { reader } = connect("reader", server);
    await expect(reader.listChannels({ tags: untyped(tags) }).page()).rejects.toThrow(TypeError);
    await expect(reader.listChannels({ metadata: untyped(tags) }).page()).rejects.toThrow(TypeError);
  });
});
