import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { appendRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { bearer, createKey, type Role } from "../support/identity.ts";
import { useTestServer } from "../support/use-test-server.ts";

type Channel = { channel_id: string; name: string };

const SCHEMA = { value: "float" };
const ROW = { time: "2024-03-01T00:00:00Z", value: 1.5 };

const server = useTestServer();

async function createChannel(name: string, tags: object = {}): Promise<Channel> {
  const { body } = await as("admin", server).post("/setup/v1/channels").send({ name, tags, channel_schema: SCHEMA }).expect(201);
  await appendRows(server, body.channel_id, [ROW]);
  return body;
}

/** The names in a list, from the first page to the last. */
async function listNames(key: string, lane = "api", query = "limit=2"): Promise<string[]> {
  const names: string[] = [];
  for (let path: string | undefined = `/${lane}/v1/channels?${query}`; path;) {
    const { body, headers } = await listPage(key, path);
    names.push(...body.map(({ name }) => name));
    path = /^<([^>]+)>/.exec(headers["link"] ?? "")?.[1];
  }
  return names;
}

async function listPage(key: string, path: string): Promise<{ body: Channel[]; headers: Record<string, string | undefined> }> {
  return bearer(server, key).get(path).expect(200);
}

/** An answer without what differs in each: the ids of the request and of the channel. */
function plain({ status, body }: { status: number; body: { detail?: string; instance?: string } }) {
  const withoutIds = (text = "") => text.replaceAll(/[0-9a-f-]{36}/g, "…");
  return {
    status,
    body: { ...body, request_id: "", trace_id: "", detail: withoutIds(body.detail), instance: withoutIds(body.instance) },
  };
}

describe("a key that is limited to some channels", () => {
  let own: Channel[];
  let foreign: Channel;
  const keys = new Map<Role, string>();
  beforeAll(async () => {
    own = [];
    for (const name of ["own 1", "between", "own 2", "own 3"]) {
      const channel = await createChannel(name);
      if (name !== "between") own.push(channel);
      else foreign = channel;
    }
    const channels = own.map(({ channel_id }) => channel_id);
    for (const lane of ["reader", "writer"] as const) keys.set(lane, (await createKey(server, { lane, channels })).key);
  });

  const keyOf = (lane: Role) => keys.get(lane) ?? "";

  test.each([
    ["reader", "api"],
    ["writer", "api"],
    ["writer", "data"],
  ] as const)("of a %s sees those alone in the lists of /%s, page by page", async (role, lane) => {
    expect(await listNames(keyOf(role), lane)).toEqual(["own 1", "own 2", "own 3"]);
    expect(await listNames(keyOf(role), lane, "name=between")).toEqual([]);
    expect(await listNames(keyOf(role), lane, "name=own+2")).toEqual(["own 2"]);
  });

  const reads = ["", "/rows", "/columns", "/rows/export?format=csv", "/rows/export?format=ndjson"];

  test.each(reads.flatMap((read) => [`/api/v1/channels/{}${read}`, `/data/v1/channels/{}${read}`]))(
    "reads its own at GET %s, and others as if they did not exist",
    async (path) => {
      const get = (id: string) => bearer(server, keyOf("writer")).get(path.replace("{}", id));
      for (const { channel_id } of own) await get(channel_id).expect(200);
      const hidden = await get(foreign.channel_id).expect(404);
      expect(plain(hidden)).toEqual(plain(await get(randomUUID())));
      expect(hidden.body).toMatchObject({ code: "channel_not_found" });
    },
  );

  test("appends to its own, and to others as if they did not exist, whatever the body", async () => {
    const append = (id: string, body: object) => bearer(server, keyOf("writer")).post(`/data/v1/channels/${id}/rows`).send(body);
    await append(own[0]?.channel_id ?? "", { rows: [ROW] }).expect(200);
    for (const body of [{ rows: [ROW] }, { rows: [{ value: "no number" }] }, { rows: [{ unknown: 1 }] }]) {
      const hidden = await append(foreign.channel_id, body).expect(404);
      expect(plain(hidden)).toEqual(plain(await append(randomUUID(), body)));
    }
    const { body } = await as("reader", server).get(`/api/v1/channels/${foreign.channel_id}`).expect(200);
    expect(body.available_rows).toBe(1);
  });

  test("upserts its own by id and by name", async () => {
    const upsert = (body: object) => bearer(server, keyOf("writer")).post("/data/v1/channels").send(body);
    const [first] = own;
    await upsert({ channel_id: first?.channel_id, metadata: { by: "id" } }).expect(200);
    await upsert({ name: "own 1", rows: [ROW] }).expect(200);
    await upsert({ channel_id: first?.channel_id, name: "own 1", channel_schema: SCHEMA }).expect(200);
  });

  test("creates none, and cannot tell a hidden channel from none, by id, by name or by both", async () => {
    const upsert = (body: object) => bearer(server, keyOf("writer")).post("/data/v1/channels").send(body);
    const mine = own[0]?.channel_id;
    const { body: before } = await as("admin", server).get("/setup/v1/channels").expect(200);
    const tries: [object, object, number][] = [
      [{ channel_id: foreign.channel_id }, { channel_id: randomUUID() }, 404],
      [{ name: "between" }, { name: "nowhere" }, 404],
      [{ channel_id: foreign.channel_id, name: "between" }, { channel_id: randomUUID(), name: "nowhere" }, 404],
      [{ channel_id: foreign.channel_id, name: "nowhere" }, { channel_id: randomUUID(), name: "nowhere" }, 404],
      [{ channel_id: mine, name: "between" }, { channel_id: mine, name: "nowhere" }, 409],
      [{ channel_id: foreign.channel_id, name: "own 1" }, { channel_id: randomUUID(), name: "own 1" }, 409],
    ];
    for (const [hidden, absent, status] of tries) {
      for (const more of [{}, { channel_schema: SCHEMA }, { channel_schema: { other: "int" } }, { rows: [ROW] }]) {
        const answer = await upsert({ ...hidden, ...more }).expect(status);
        expect(plain(answer)).toEqual(plain(await upsert({ ...absent, ...more })));
      }
    }
    const { body: after } = await as("admin", server).get("/setup/v1/channels").expect(200);
    expect(after).toEqual(before);
  });

  test("keeps its limits when it is rotated", async () => {
    const { key_id } = await createKey(server, { lane: "reader", channels: [own[1]?.channel_id ?? ""] });
    const { body } = await as("admin", server).post(`/auth/v1/keys/${key_id}/rotate`).send({}).expect(201);
    expect(await listNames(body.key)).toEqual(["own 2"]);
  });

  test("sees nothing when its channels are gone, or never were", async () => {
    const { key } = await createKey(server, { lane: "reader", channels: [randomUUID()] });
    expect(await listNames(key)).toEqual([]);
  });

  test("sees a channel that is made with an id of its list", async () => {
    const channel_id = randomUUID();
    const { key } = await createKey(server, { lane: "writer", channels: [channel_id.toUpperCase()] });
    const created = { channel_id, name: "made later", channel_schema: SCHEMA };
    await bearer(server, key).post("/data/v1/channels").send(created).expect(404);
    await as("admin", server).post("/setup/v1/channels").send(created).expect(201);
    expect(await listNames(key)).toEqual(["made later"]);
  });
});

describe("a key that is limited by tag", () => {
  const names = ["lab 3", "lab 4", "attic 3", "lab, floor as text", "no tags"];
  const channels = new Map<string, Channel>();
  beforeAll(async () => {
    const tags = [
      { room: "lab", floor: 3 },
      { room: "lab", floor: 4 },
      { room: "attic", floor: 3 },
      { room: ["lab", "office"], floor: "3" },
      {},
    ];
    for (const [index, name] of names.entries()) channels.set(name, await createChannel(name, tags[index]));
  });

  test.each<[string[], string[]]>([
    [["room:lab"], ["lab 3", "lab 4", "lab, floor as text"]],
    [["floor:3"], ["lab 3", "attic 3", "lab, floor as text"]],
    [
      ["room:lab", "floor:3"],
      ["lab 3", "lab, floor as text"],
    ],
    [["room"], ["lab 3", "lab 4", "attic 3", "lab, floor as text"]],
    [["room:office"], ["lab, floor as text"]],
    [["room:cellar"], []],
    [["cellar"], []],
    [[":lab"], []],
    [["room:%"], []],
    [["room:' or true --"], []],
  ])("%j sees %j, in lists and one by one", async (tags, seen) => {
    const { key } = await createKey(server, { lane: "reader", tags });
    expect(await listNames(key)).toEqual(seen);
    for (const [name, { channel_id }] of channels) {
      for (const read of ["", "/rows", "/columns", "/rows/export"]) {
        await bearer(server, key)
          .get(`/api/v1/channels/${channel_id}${read}`)
          .expect(seen.includes(name) ? 200 : 404);
      }
    }
  });

  test("cannot be widened by the filters of a list", async () => {
    const { key } = await createKey(server, { lane: "reader", tags: ["room:lab"] });
    expect(await listNames(key, "api", "tags=room:attic")).toEqual([]);
    expect(await listNames(key, "api", "tags=floor:3")).toEqual(["lab 3", "lab, floor as text"]);
    expect(await listNames(key, "api", "name=attic+3")).toEqual([]);
  });

  test("can be limited to channels as well, and then needs both", async () => {
    const ids = ["lab 3", "attic 3"].map((name) => channels.get(name)?.channel_id ?? "");
    const { key } = await createKey(server, { lane: "reader", channels: ids, tags: ["room:lab"] });
    expect(await listNames(key)).toEqual(["lab 3"]);
  });

  test("follows the tags of a channel as they change", async () => {
    const moving = await createChannel("moving", { room: "hall" });
    const { key } = await createKey(server, { lane: "reader", tags: ["room:hall"] });
    const read = () => bearer(server, key).get(`/api/v1/channels/${moving.channel_id}/rows`);
    await read().expect(200);
    await as("writer", server)
      .post("/data/v1/channels")
      .send({ name: "moving", tags: { room: "yard" } })
      .expect(200);
    await read().expect(404);
  });

  test("cannot go on with a cursor from when it saw more", async () => {
    const { key } = await createKey(server, { lane: "reader", tags: ["room:lab"] });
    const { headers } = await as("reader", server).get("/api/v1/channels?limit=1").expect(200);
    const [, next = ""] = /^<([^>]+)>/.exec(String(headers["link"])) ?? [];
    const { body } = await listPage(key, next.replace("limit=1", "limit=1000"));
    expect(body.map(({ name }) => name)).toEqual(["lab 3", "lab 4", "lab, floor as text"]);
  });
});
