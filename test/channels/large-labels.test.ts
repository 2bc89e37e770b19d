import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { asOwner, statement } from "../support/owner.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const LIMIT = 64 * 1024;
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const SCHEMA = { value: "float" };

const server = useTestServer();
const admin = () => as("admin", server);
const writer = () => as("writer", server);

/** Labels of exactly so many bytes as JSON text. */
const labelOf = (bytes: number) => ({ k: "x".repeat(bytes - '{"k":""}'.length) });
/** A character of two bytes: bytes are counted, and not characters. */
const widerLabelOf = (bytes: number) => ({ k: "é".repeat((bytes - '{"k":""}'.length) / 2) });

/** About so many thousand bytes. */
const tagsOf = (thousands: number) => ({ k: Array.from({ length: thousands }, () => "x".repeat(1_000)) });

async function createChannel(labels: object = {}): Promise<string> {
  const { body } = await admin()
    .post("/setup/v1/channels")
    .send({ channel_schema: SCHEMA, ...labels })
    .expect(201);
  return body.channel_id;
}

/** As channels were that were made before there was a limit. */
async function createLarge(bytes: number): Promise<string> {
  const id = await createChannel();
  await asOwner(server.context, (owner) =>
    owner.query(
      statement(`
        update kronicle.channel set metadata = jsonb_build_object('k', repeat('x', ${bytes}), 'small', 1) where channel_id = '${id}'
      `),
    ),
  );
  return id;
}

const refusal = (field: string) => ({
  code: "schema_invalid",
  detail: expect.stringContaining(String(LIMIT)),
  errors: [{ pointer: `/${field}`, code: "too_large", detail: expect.stringContaining(String(LIMIT)) }],
});

describe("labels", () => {
  test("metadata of 64 KiB are taken, and a byte more is refused with the number", async () => {
    for (const make of [labelOf, widerLabelOf]) {
      await createChannel({ metadata: make(LIMIT) });
      const { body } = await admin()
        .post("/setup/v1/channels")
        .send({ channel_schema: SCHEMA, metadata: make(LIMIT + 2) })
        .expect(400);
      expect(body).toMatchObject(refusal("metadata"));
    }
  });

  test("tags that each are short add up", async () => {
    await createChannel({ tags: tagsOf(60) });
    const { body } = await admin()
      .post("/setup/v1/channels")
      .send({ channel_schema: SCHEMA, tags: tagsOf(70) })
      .expect(400);
    expect(body).toMatchObject(refusal("tags"));
  });

  test("what column_info says of many columns adds up", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const channel_schema = Object.fromEntries(names.map((name) => [name, "float"]));
    const column_info = Object.fromEntries(names.map((name) => [name, { description: "x".repeat(700) }]));
    const { body } = await admin().post("/setup/v1/channels").send({ channel_schema, column_info }).expect(400);
    expect(body).toMatchObject(refusal("column_info"));
  });

  test("numbers near zero count with the digits that are stored", async () => {
    const metadata = { k: Array.from({ length: 300 }, () => 1e-300) };
    const { body } = await admin().post("/setup/v1/channels").send({ channel_schema: SCHEMA, metadata }).expect(400);
    expect(body).toMatchObject(refusal("metadata"));
  });

  test("a body that gzip makes small is no way around", async () => {
    const body = gzipSync(JSON.stringify({ channel_schema: SCHEMA, metadata: labelOf(3_000_000) }));
    const answer = await fetch(`${server.url}/setup/v1/channels`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${KEYS.admin}`,
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
      },
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject(refusal("metadata"));
  });

  test.each([
    { how: "PUT", send: (id: string) => admin().put(`/setup/v1/channels/${id}`) },
    { how: "PATCH", send: (id: string) => admin().patch(`/setup/v1/channels/${id}`) },
    { how: "the clone", send: (id: string) => admin().post(`/setup/v1/channels/${id}/clone`) },
  ])("$how has the same limit", async ({ send }) => {
    const { body } = await send(await createChannel())
      .send({ metadata: labelOf(LIMIT + 1) })
      .expect(400);
    expect(body).toMatchObject(refusal("metadata"));
  });

  test("the upsert has the same limit, for a new channel and for an old one", async () => {
    const upsert = { name: "upserted", channel_schema: SCHEMA };
    const tags = tagsOf(70);
    for (const expected of [201, 200]) {
      const { body } = await writer()
        .post("/data/v1/channels")
        .send({ ...upsert, tags })
        .expect(400);
      expect(body).toMatchObject(refusal("tags"));
      await writer().post("/data/v1/channels").send(upsert).expect(expected);
    }
  });

  test("patches that are small enough do not add up to more", async () => {
    const id = await createChannel();
    const patch = (key: string) =>
      admin()
        .patch(`/setup/v1/channels/${id}`)
        .send({ metadata: { [key]: "x".repeat(30_000) } });
    await patch("a").expect(200);
    await patch("b").expect(200);
    expect((await patch("c").expect(400)).body).toMatchObject(refusal("metadata"));
  });
});

describe("a channel from before there was a limit", () => {
  let id = "";
  beforeAll(async () => {
    id = await createLarge(200_000);
  });

  test("is read, takes rows, and other labels", async () => {
    const { body } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
    expect(body.metadata.k).toHaveLength(200_000);
    await writer()
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [{ value: 1 }] })
      .expect(200);
    await admin()
      .patch(`/setup/v1/channels/${id}`)
      .send({ tags: { room: "lab" } })
      .expect(200);
  });

  test("may become smaller, and no larger", async () => {
    const patch = (metadata: object) => admin().patch(`/setup/v1/channels/${id}`).send({ metadata });
    expect((await patch({ more: "y" }).expect(400)).body).toMatchObject(refusal("metadata"));
    await patch({ small: null }).expect(200);
    await patch({ k: null }).expect(200);
  });

  test("is cloned without its labels only", async () => {
    const large = await createLarge(200_000);
    const clone = (body: object) => admin().post(`/setup/v1/channels/${large}/clone`).send(body);
    expect((await clone({}).expect(400)).body).toMatchObject(refusal("metadata"));
    await clone({ copy_metadata: false }).expect(201);
  });
});

describe("a list", () => {
  test("ends each page before 8 MiB, has one channel at least, and leads to all of them", async () => {
    const ids = [];
    for (const bytes of [3_000_000, 3_000_000, 3_000_000, 20_000_000, 10, 8_000_000, 3_000_000])
      ids.push(await createLarge(bytes));
    const pages: string[][] = [];
    const sizes: number[] = [];
    const links: string[] = [];
    let next: string | undefined = "/api/v1/channels?metadata=small:1&limit=500";
    while (next !== undefined) {
      const { body, headers, text }: { body: { channel_id: string }[]; headers: Record<string, string>; text: string } = await as(
        "reader",
        server,
      )
        .get(next)
        .expect(200);
      if (body.length > 1) sizes.push(text.length);
      pages.push(body.map(({ channel_id }) => channel_id));
      next = /^<([^>]+)>; rel="next"$/.exec(headers["link"] ?? "")?.[1];
      if (next !== undefined) links.push(next);
    }
    expect(Math.max(...sizes)).toBeLessThan(MAX_PAGE_BYTES + 10_000);
    expect(links.every((link) => link.includes("limit=500"))).toBe(true);
    expect(pages.flat().slice(-ids.length)).toEqual(ids);
    expect(pages.length).toBeGreaterThanOrEqual(4);
  });

  test("keeps to its limit where channels are small", async () => {
    const { body, headers } = await as("reader", server).get("/api/v1/channels?limit=2").expect(200);
    expect(body).toHaveLength(2);
    expect(headers["link"]).toContain("limit=2");
  });
});
