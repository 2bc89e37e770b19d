import { beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { bearer, createKey } from "../support/identity.ts";
import { walkPages } from "../support/pages.ts";
import { useTestServer } from "../support/use-test-server.ts";

type Entry = { readonly key: string; readonly channels: number };

const server = useTestServer();
const create = (tags: object) => createChannel(server, { tags, channel_schema: { value: "int" } });

const longKey = (end: string) => "k".repeat(200) + end;

const ids: string[] = [];
beforeAll(async () => {
  ids.push(await create({ room: "lab", floor: 3 }));
  ids.push(await create({ room: "attic", "ä b/c%?": true }));
  ids.push(await create({ room: ["lab", "hall"], [longKey("1")]: 1, [longKey("2")]: 2, Zone: "a" }));
  ids.push(await create({}));
  const gone = await create({ room: "lab", gone: true });
  await as("admin", server).delete(`/setup/v1/channels/${gone}`).expect(200);
});

async function list(query: Readonly<Record<string, string>> = {}, key?: string): Promise<Entry[]> {
  const caller = key === undefined ? as("reader", server) : bearer(server, key);
  const { body } = await caller.get("/api/v1/tags").query(query).expect(200);
  return body;
}

const countsOf = (entries: readonly Entry[]) => Object.fromEntries(entries.map(({ key, channels }) => [key, channels]));

describe("200", () => {
  test("has each key with the number of channels that have it, and none of a deleted channel", async () => {
    const found = await list();
    expect(countsOf(found)).toEqual({ Zone: 1, floor: 1, room: 3, "ä b/c%?": 1, [longKey("1")]: 1, [longKey("2")]: 1 });
    expect(found.map(({ key }) => key).filter((key) => !key.startsWith("kk"))).toEqual(["Zone", "floor", "room", "ä b/c%?"]);
  });

  test("counts the channels that have all of the tags", async () => {
    expect(countsOf(await list({ tags: "room:lab" }))).toEqual({
      Zone: 1,
      floor: 1,
      room: 2,
      [longKey("1")]: 1,
      [longKey("2")]: 1,
    });
    expect(countsOf(await list({ tags: "ä b/c%?" }))).toEqual({ room: 1, "ä b/c%?": 1 });
    expect(await list({ tags: "room:nowhere" })).toEqual([]);
  });

  test.each([1, 2, 5, 6])("leads by pages of %i through all of them, also through keys that begin alike", async (limit) => {
    const pages = await walkPages<Entry>(server, `/api/v1/tags?limit=${limit}`);
    expect(pages.flat()).toEqual(await list());
    expect(pages.map(({ length }) => length)).toEqual([
      ...Array<number>(Math.ceil(6 / limit) - 1).fill(limit),
      6 - limit * (Math.ceil(6 / limit) - 1),
    ]);
  });

  test("shows a limited key the tags of its own channels", async () => {
    const byTag = await createKey(server, { lane: "reader", tags: ["room:lab"] });
    expect(countsOf(await list({}, byTag.key))).toMatchObject({ room: 2, floor: 1 });
    expect(countsOf(await list({}, byTag.key))).not.toHaveProperty("ä b/c%?");
    const byChannel = await createKey(server, { lane: "reader", channels: ids.slice(1, 2) });
    expect(countsOf(await list({}, byChannel.key))).toEqual({ room: 1, "ä b/c%?": 1 });
    for (const role of ["writer", "admin"] as const) await as(role, server).get("/api/v1/tags").expect(200);
  });

  test("follows a change of the tags at once", async () => {
    const id = await create({ fresh: 1 });
    expect(countsOf(await list({ tags: "fresh" }))).toEqual({ fresh: 1 });
    await as("admin", server)
      .patch(`/setup/v1/channels/${id}`)
      .send({ tags: { fresh: null, stale: 2 } })
      .expect(200);
    expect(countsOf(await list({ tags: "stale" }))).toEqual({ stale: 1 });
    await as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200);
  });
});

describe("400", () => {
  test.each(["limit=0", "limit=1001", "name=a", "key=room", "tags=", "tags=:x", "cursor="])(
    "refuses %s by the contract",
    async (query) => {
      const { body } = await as("reader", server).get(`/api/v1/tags?${query}`).expect(400);
      expect(body).toMatchObject({
        code: "request_invalid",
        errors: [{ parameter: expect.stringMatching(/limit|name|key|tags|cursor/) }],
      });
    },
  );

  test("refuses what no tag can hold, and the cursor of another query", async () => {
    const refusal = async (query: string) => (await as("reader", server).get(`/api/v1/tags?${query}`).expect(400)).body;
    expect(await refusal("tags=%00")).toMatchObject({ errors: [{ parameter: "tags", code: "not_storable" }] });
    const { headers } = await as("reader", server).get("/api/v1/tags?limit=1").expect(200);
    const cursor = /cursor=([^&>]+)/.exec(headers["link"] ?? "")?.[1] ?? "";
    for (const query of [`cursor=${cursor}&tags=room`, "cursor=x"]) {
      expect(await refusal(query)).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
    }
    const { body } = await as("reader", server).get(`/api/v1/tags/room/values?cursor=${cursor}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
  });
});
