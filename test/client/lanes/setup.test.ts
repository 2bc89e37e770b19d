import { type ChannelDefinition, defineChannel, isApiError } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";

const thermometer = defineChannel({ temperature: "float", note: "optional[str]" });
const NOWHERE = "00000000-0000-4000-8000-000000000000";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Callers without types may hand over anything. */
const untyped = (value: unknown) => value as never;

const admin = () => connect("admin", server).setup;

async function createFilled(count: number): Promise<string> {
  const { channel_id } = await admin().createChannel({ schema: thermometer });
  const rows = Array.from({ length: count }, (_, minute) => ({
    time: new Date(Date.UTC(2024, 2, 1, 0, minute)),
    temperature: minute,
  }));
  await admin().channel(channel_id, thermometer).append(rows);
  return channel_id;
}

describe("replaceChannel", () => {
  test("creates what is missing, then replaces what is given and nothing else", async () => {
    const id = crypto.randomUUID();
    const created = await admin().replaceChannel(id, {
      schema: thermometer,
      name: "replaced",
      metadata: { site: "roof" },
      tags: { floor: 3 },
    });
    const replaced = await admin().replaceChannel(id, { tags: { room: "attic" }, metadata: undefined });
    expect(replaced).toMatchObject({ channel_id: id, name: "replaced", metadata: { site: "roof" }, tags: { room: "attic" } });
    expect(replaced.etag).not.toBe(created.etag);
    expect(await admin().getChannel(id)).toEqual(replaced);
  });
});

describe("patchChannel", () => {
  test("merges labels, takes members and the name away by null, and adds columns", async () => {
    const { channel_id, etag } = await admin().createChannel({
      schema: thermometer,
      name: "patched",
      columnInfo: { temperature: { unit: "K", description: "air" } },
      metadata: { site: "roof", deep: { a: 1, b: 2 } },
      tags: { floor: 3, room: "lab" },
    });
    const patched = await admin().patchChannel(
      channel_id,
      {
        name: null,
        columnInfo: { temperature: { unit: "Cel", description: null } },
        metadata: { deep: { a: null } },
        tags: { floor: null },
        schema: defineChannel({ temperature: "float", note: "optional[str]", humidity: "optional[float]" }),
      },
      { ifMatch: etag },
    );
    expect(patched).toMatchObject({
      name: null,
      column_info: { temperature: { unit: "Cel" } },
      channel_schema: { humidity: "optional[float]" },
    });
    expect(patched.column_info).toEqual({ temperature: { unit: "Cel" } });
    expect(patched.metadata).toEqual({ site: "roof", deep: { b: 2 } });
    expect(patched.tags).toEqual({ room: "lab" });
  });
});

describe("ifMatch", () => {
  test("lets the first of two changes through, and refuses the second", async () => {
    const { channel_id, etag } = await admin().createChannel({ schema: thermometer });
    await admin().patchChannel(channel_id, { tags: { by: "first" } }, { ifMatch: etag });

    const late = [
      admin().patchChannel(channel_id, { tags: { by: "second" } }, { ifMatch: etag }),
      admin().replaceChannel(channel_id, { tags: { by: "second" } }, { ifMatch: etag }),
      admin().deleteChannel(channel_id, { ifMatch: etag }),
    ];
    for (const outcome of await Promise.allSettled(late)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "precondition_failed", status: 412 } });
    }
    expect(await admin().getChannel(channel_id)).toMatchObject({ tags: { by: "first" } });
  });

  test("is not changed by appends", async () => {
    const id = await createFilled(1);
    const { etag } = await admin().getChannel(id);
    await admin()
      .channel(id, thermometer)
      .append([{ temperature: 1 }]);
    expect(await admin().deleteChannel(id, { ifMatch: etag })).toMatchObject({ channel_id: id, available_rows: 2 });
  });

  test.each([null, "", "3", '"3', "\n", 3])("that is %j is a TypeError, and nothing is changed", async (ifMatch) => {
    const id = await createFilled(1);
    await expect(admin().patchChannel(id, { name: "changed" }, { ifMatch: untyped(ifMatch) })).rejects.toThrow(TypeError);
    await expect(admin().deleteChannel(id, { ifMatch: untyped(ifMatch) })).rejects.toThrow(TypeError);
    expect(await admin().getChannel(id)).toMatchObject({ name: null });
  });
});

describe("cloneChannel", () => {
  test("copies the definition without rows, and takes what is given", async () => {
    const { channel_id } = await admin().createChannel({
      schema: thermometer,
      name: "dolly",
      metadata: { a: 1 },
      tags: { b: 2 },
    });
    await admin()
      .channel(channel_id, thermometer)
      .append([{ temperature: 1 }]);

    const copy = { channel_schema: { time: "datetime", temperature: "float", note: "optional[str]" }, available_rows: 0 };
    expect(await admin().cloneChannel(channel_id)).toMatchObject({
      ...copy,
      name: "dolly_copy",
      metadata: { a: 1 },
      tags: { b: 2 },
    });
    const bare = await admin().cloneChannel(channel_id, { name: "molly", copyMetadata: false, tags: { c: 3 } });
    expect(bare).toMatchObject({ ...copy, name: "molly" });
    expect([bare.metadata, bare.tags]).toEqual([{}, { c: 3 }]);
  });
});

describe("deleteChannels", () => {
  test("says of each channel what became of it", async () => {
    const id = await createFilled(1);
    expect(await admin().deleteChannels([NOWHERE, id])).toEqual([
      { channel_id: NOWHERE, deleted: false, code: "channel_not_found" },
      { channel_id: id, deleted: true },
    ]);
    expect(
      await admin()
        .getChannel(id)
        .catch((error: unknown) => isApiError(error, "channel_not_found")),
    ).toBe(true);
  });

  test.each(["", ".", "..", "../..", NOWHERE.replaceAll("-", "")])(
    "and every other way to delete refuses the id %j",
    async (bad) => {
      const sent: unknown[] = [];
      const send: typeof fetch = (input, init) => {
        sent.push(input);
        return fetch(input, init);
      };
      const { setup } = connect("admin", server, send);
      const definition: ChannelDefinition = thermometer;
      expect(() => setup.channel(bad, definition)).toThrow(TypeError);
      await expect(setup.deleteChannel(bad)).rejects.toThrow(TypeError);
      await expect(setup.deleteChannels([NOWHERE, bad])).rejects.toThrow(TypeError);
      expect(sent).toEqual([]);
    },
  );
});

describe("deleteRows", () => {
  test("counts by dryRun, then deletes what the bounds name, then everything", async () => {
    const id = await createFilled(10);
    const channel = admin().channel(id, thermometer);
    const bounds = {
      from: new Date(Date.UTC(2024, 2, 1, 0, 2)),
      to: "2024-03-01T01:08:00+01:00",
      where: { temperature: { min: 5 } },
    };
    const details = async (call: ReturnType<typeof channel.deleteRows>) => (await call).op_details;

    expect(await details(channel.deleteRows({ ...bounds, dryRun: true }))).toEqual({
      deleted_rows: 3,
      available_rows: 10,
      dry_run: true,
    });
    expect(await details(channel.deleteRows(bounds))).toEqual({ deleted_rows: 3, available_rows: 7, dry_run: false });
    const { rows } = await channel.rows({ sort: "time" }).page();
    expect(rows.map(({ temperature }) => temperature)).toEqual([0, 1, 2, 3, 4, 8, 9]);
    expect(await details(channel.deleteRows({ all: true, dryRun: true }))).toMatchObject({ deleted_rows: 7, available_rows: 7 });
    expect(await details(channel.deleteRows({ all: true }))).toMatchObject({ deleted_rows: 7, available_rows: 0 });
  });

  test.each([
    ["nothing", {}],
    ["only dryRun", { dryRun: false }],
    ["undefined", undefined],
    ["null", null],
    ["a list", []],
    ["a bound that is undefined", { from: undefined }],
    ["a bound that is undefined beside another", { from: "2024-03-01T00:00:00Z", to: undefined }],
    ["filters that are undefined", { from: "2024-03-01T00:00:00Z", where: undefined }],
    ["filters that are empty", { from: "2024-03-01T00:00:00Z", where: {} }],
    ["a filter that is undefined", { where: { temperature: undefined } }],
    ["a condition that is undefined", { where: { temperature: { min: undefined } } }],
    ["one of none", { where: { note: { in: [] } } }],
    ["all, and bounds", { all: true, from: "2024-03-01T00:00:00Z" }],
    ["all that is not true", { all: "true" }],
    ["all that is false", { all: false }],
    ["dryRun that is undefined", { all: true, dryRun: undefined }],
    ["an invalid Date", { from: new Date("x") }],
  ])("refuses %s, and deletes nothing", async (_what, deletion) => {
    const id = await createFilled(2);
    await expect(admin().channel(id, thermometer).deleteRows(untyped(deletion))).rejects.toThrow(TypeError);
    expect(await admin().getChannel(id)).toMatchObject({ available_rows: 2 });
  });

  test("lets the server refuse what it does not know, and deletes nothing", async () => {
    const id = await createFilled(2);
    const channel = admin().channel(id, thermometer);
    for (const more of [{ form: "2024-03-01T00:00:00Z" }, { limit: 1 }, { where: { humidity: 1 } }]) {
      await expect(channel.deleteRows(untyped({ to: "2025-01-01T00:00:00Z", ...more }))).rejects.toMatchObject({ status: 400 });
    }
    expect(await admin().getChannel(id)).toMatchObject({ available_rows: 2 });
  });
});
