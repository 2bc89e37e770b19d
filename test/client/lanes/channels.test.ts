import { createKronicle, defineChannel } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";

const thermometer = defineChannel({ temperature: "number", note: "optional[string]" });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const described = {
  name: "Büro ° 1",
  columnInfo: { time: { description: "UTC" }, temperature: { unit: "Cel", description: "air, 2 m" } },
  metadata: { site: "roof", nested: { list: [1, 2.5, null] } },
  tags: { room: "lab", floor: 3, indoors: true, teams: ["climate", "energy"] },
} as const;

describe("createChannel", () => {
  test("stores every field that is given, and answers with the channel", async () => {
    const channelId = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";
    const created = await connect("admin", server).setup.createChannel({
      schema: thermometer,
      channelId,
      density: "sparse",
      ...described,
    });
    expect(created).toMatchObject({
      channel_id: channelId,
      name: described.name,
      channel_schema: { time: "datetime", temperature: "float", note: "optional[str]" },
      column_info: described.columnInfo,
      metadata: described.metadata,
      tags: described.tags,
      density: "sparse",
      available_rows: 0,
      first_time: null,
      last_time: null,
    });
    expect(await connect("reader", server).reader.getChannel(channelId.toUpperCase())).toEqual(created);
    expect(await connect("reader", server).reader.channel(channelId, thermometer).get()).toEqual(created);
  });

  test("takes undefined for a field that is left out", async () => {
    const created = await connect("admin", server).setup.createChannel({
      schema: thermometer,
      channelId: undefined,
      name: undefined,
      columnInfo: { temperature: undefined },
      metadata: undefined,
      tags: undefined,
      density: undefined,
    });
    expect(created).toMatchObject({ name: null, column_info: {}, metadata: {}, tags: {}, density: "normal" });
  });
});

describe("upsertChannel", () => {
  test("creates a channel with its rows, and then appends to it", async () => {
    const { writer } = connect("writer", server);
    const first = await writer.upsertChannel({
      schema: thermometer,
      ...described,
      name: "upserted",
      rows: [{ time: new Date("2024-03-01T00:00:00Z"), temperature: 20.5 }],
    });
    expect(first).toMatchObject({
      op_status: "success",
      op_details: { provided_rows: 1, inserted_rows: 1, rejected_rows: 0, ignored_rows: 0, available_rows: 1 },
      metadata: described.metadata,
    });

    const second = await writer.upsertChannel({
      schema: thermometer,
      name: "upserted",
      tags: { room: "attic" },
      rows: [{ time: "2024-03-02T00:00:00Z", temperature: 20.6, note: "moved" }],
    });
    expect(second).toMatchObject({
      channel_id: first.channel_id,
      available_rows: 2,
      last_time: "2024-03-02T00:00:00Z",
      metadata: described.metadata,
      tags: { room: "attic" },
    });
  });

  test("needs no rows, and takes an id for a name", async () => {
    const { writer } = connect("writer", server);
    const { channel_id } = await writer.upsertChannel({ schema: thermometer, channelId: "00000000-0000-4000-8000-000000000001" });
    expect(channel_id).toBe("00000000-0000-4000-8000-000000000001");
    const again = await writer.upsertChannel({
      schema: thermometer,
      channelId: channel_id,
      metadata: { site: "roof" },
      rows: [],
    });
    expect(again).toMatchObject({ available_rows: 0, metadata: { site: "roof" }, op_details: { provided_rows: 0 } });
  });
});

describe("append", () => {
  test("answers with the counts of its commit", async () => {
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: thermometer });
    const channel = connect("writer", server).writer.channel(channel_id, thermometer);
    await channel.append([{ time: "2024-03-01T00:00:00Z", temperature: 20.5 }]);
    const result = await channel.append([
      { time: "2024-03-01T00:01:00Z", temperature: 20.6, note: undefined },
      { time: "2024-03-01T00:02:00Z", temperature: 20.7, note: null },
    ]);
    expect(result).toMatchObject({
      op_status: "success",
      op_details: { provided_rows: 2, inserted_rows: 2, rejected_rows: 0, ignored_rows: 0, available_rows: 3, details: [] },
      last_time: "2024-03-01T00:02:00Z",
    });
  });
});

describe("listChannels", () => {
  let ids: string[];
  beforeAll(async () => {
    const { setup } = connect("admin", server);
    for (let index = 0; index < 5; index++) await setup.createChannel({ schema: thermometer, name: `listed ${index}` });
    ids = (await connect("reader", server).reader.listChannels().page()).channels.map(({ channel_id }) => channel_id);
  });

  test("comes all by for await, over as many pages as it takes", async () => {
    const { send, urls } = recordFetch();
    const seen: string[] = [];
    for await (const { channel_id } of connect("reader", server, send).reader.listChannels({ limit: 2 })) seen.push(channel_id);
    expect(seen).toEqual(ids);
    expect(new Set(seen).size).toBe(seen.length);
    expect(urls).toHaveLength(Math.ceil(ids.length / 2));
  });

  test("comes in order of creation", async () => {
    const { channels, hasMore, nextCursor } = await connect("reader", server).reader.listChannels().page();
    expect(channels.map(({ name }) => name).filter((name) => name?.startsWith("listed"))).toEqual(
      Array.from({ length: 5 }, (_, index) => `listed ${index}`),
    );
    expect({ hasMore, nextCursor }).toEqual({ hasMore: false, nextCursor: null });
  });

  test("comes page by page with the cursor of the page before", async () => {
    const { reader } = connect("reader", server);
    const first = await reader.listChannels({ limit: 3 }).page();
    expect(first).toMatchObject({ hasMore: true, nextCursor: expect.any(String) });
    const second = await reader.listChannels({ limit: 1_000, cursor: first.nextCursor ?? "" }).page();
    expect([...first.channels, ...second.channels].map(({ channel_id }) => channel_id)).toEqual(ids);
  });
});

describe("createKey", () => {
  test("makes a key that works on its lane and not above", async () => {
    const { key, lane, label } = await connect("admin", server).setup.createKey({ lane: "reader", label: "dashboard" });
    expect({ lane, label }).toEqual({ lane: "reader", label: "dashboard" });
    const owner = createKronicle({ baseUrl: server.url, token: key });
    expect((await owner.reader.listChannels({ limit: 1 }).page()).channels).toHaveLength(1);
    await expect(owner.writer.upsertChannel({ name: "no", schema: thermometer })).rejects.toMatchObject({ code: "role_too_low" });
  });

  test("needs no label", async () => {
    expect(await connect("admin", server).setup.createKey({ lane: "writer", label: undefined })).toMatchObject({ label: null });
  });
});
