import { beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { bearer, createKey } from "../support/identity.ts";
import { walkPages } from "../support/pages.ts";
import { useTestServer } from "../support/use-test-server.ts";

type Entry = { readonly value: unknown; readonly channels: number };

const NASTY = "ä b/c%?&#";

const server = useTestServer();
const create = (tags: object) => createChannel(server, { tags, channel_schema: { value: "int" } });

const longValue = (end: string) => "😀".repeat(200) + end;

const ids: string[] = [];
beforeAll(async () => {
  ids.push(await create({ room: "lab", site: "north", mixed: [3, "3", true, "a", "a"], [NASTY]: `"\\\n` }));
  ids.push(await create({ room: "attic", site: "north", mixed: 3 }));
  ids.push(await create({ room: ["lab", "hall"], site: "south", mixed: false, [NASTY]: "plain" }));
  ids.push(await create({ room: "Zoo", mixed: [], long: [longValue("1"), longValue("2"), longValue("")] }));
  const gone = await create({ room: "gone" });
  await as("admin", server).delete(`/setup/v1/channels/${gone}`).expect(200);
});

async function values(
  key: string,
  query: Readonly<Record<string, string>> = {},
  credential?: string,
): Promise<[unknown, number][]> {
  const caller = credential === undefined ? as("reader", server) : bearer(server, credential);
  const { body } = await caller
    .get(`/api/v1/tags/${encodeURIComponent(key)}/values`)
    .query(query)
    .expect(200);
  return body.map(({ value, channels }: Entry) => [value, channels]);
}

describe("200", () => {
  test("has each value with the number of channels that have it, items of lists among them, and none of a deleted channel", async () => {
    expect(await values("room")).toEqual([
      ["Zoo", 1],
      ["attic", 1],
      ["hall", 1],
      ["lab", 2],
    ]);
  });

  test("tells types apart, and counts a channel once", async () => {
    expect(await values("mixed")).toEqual([
      ["3", 1],
      ["a", 1],
      [3, 2],
      [false, 1],
      [true, 1],
    ]);
  });

  test("takes any key, and has nothing for one that no channel has", async () => {
    expect(await values(NASTY)).toEqual([
      [`"\\\n`, 1],
      ["plain", 1],
    ]);
    expect(await values("nothing")).toEqual([]);
  });

  test("counts the channels that have all of the tags", async () => {
    expect(await values("room", { tags: "site:north" })).toEqual([
      ["attic", 1],
      ["lab", 1],
    ]);
  });

  test.each([1, 2, 3])("leads by pages of %i through all values, also through those that begin alike", async (limit) => {
    for (const key of ["room", "mixed", "long", NASTY]) {
      const pages = await walkPages<Entry>(server, `/api/v1/tags/${encodeURIComponent(key)}/values?limit=${limit}`);
      expect(pages.flat().map(({ value, channels }) => [value, channels])).toEqual(await values(key));
      expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
    }
    expect((await values("long")).map(([value]) => value).toSorted()).toEqual(
      [longValue("1"), longValue("2"), longValue("")].toSorted(),
    );
  });

  test("shows a limited key the values of its own channels", async () => {
    const byTag = await createKey(server, { lane: "reader", tags: ["site:north"] });
    expect(await values("room", {}, byTag.key)).toEqual([
      ["attic", 1],
      ["lab", 1],
    ]);
    const byChannel = await createKey(server, { lane: "reader", channels: ids.slice(2, 3) });
    expect(await values("site", {}, byChannel.key)).toEqual([["south", 1]]);
    for (const role of ["writer", "admin"] as const) await as(role, server).get("/api/v1/tags/room/values").expect(200);
  });
});

describe("400", () => {
  test.each(["limit=0", "name=a", "key=room", "tags="])("refuses %s by the contract", async (query) => {
    const { body } = await as("reader", server).get(`/api/v1/tags/room/values?${query}`).expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });

  test("refuses a key that no tag can have", async () => {
    const { body } = await as("reader", server).get("/api/v1/tags/a%3Ab/values").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "key" }] });
    await as("reader", server).get("/api/v1/tags/%00/values").expect(400);
  });

  test("refuses the cursor of another key", async () => {
    const { headers } = await as("reader", server).get("/api/v1/tags/room/values?limit=1").expect(200);
    const cursor = /cursor=([^&>]+)/.exec(headers["link"] ?? "")?.[1] ?? "";
    const { body } = await as("reader", server).get(`/api/v1/tags/mixed/values?cursor=${cursor}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
  });
});
