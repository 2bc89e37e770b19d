import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

async function create(name: string): Promise<string> {
  const rows = [{ time: "2024-03-01T00:00:00Z", temperature: 1 }];
  const fields = { name, channel_schema: { temperature: "float" }, rows };
  const { body } = await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
  return body.channel_id;
}

function remove(id: string) {
  return as("admin", server).delete(`/setup/v1/channels/${id}`);
}

describe("200", () => {
  test("answers with what was deleted, and nothing finds it any more", async () => {
    const id = await create("gone");
    const { body: before } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
    const { body } = await remove(id).expect(200);
    expect(body).toEqual(before);
    expect(body.available_rows).toBe(1);

    for (const path of ["", "/rows", "/columns", "/rows/export"]) {
      await as("reader", server).get(`/api/v1/channels/${id}${path}`).expect(404);
    }
    const { body: list } = await as("reader", server).get("/api/v1/channels?name=gone").expect(200);
    expect(list).toEqual([]);
    await as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [{ temperature: 1 }] })
      .expect(404);
  });

  test("frees its name and its id, and a channel that takes them has no rows", async () => {
    const id = await create("again");
    await remove(id).expect(200);
    const fields = { channel_id: id, name: "again", channel_schema: { temperature: "float" } };
    const { body } = await as("admin", server).post("/setup/v1/channels").send(fields).expect(201);
    expect(body).toMatchObject({ channel_id: id, name: "again", available_rows: 0 });
    const { body: page } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
    expect(page.rows).toEqual([]);
  });
});

describe("400", () => {
  test("refuses an id that is no UUID, and a query", async () => {
    const { body } = await remove("gone").expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "channel_id" }] });
    const id = await create("stays");
    await remove(`${id}?dry_run=true`).expect(400);
    await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
  });
});

describe("404", () => {
  test("knows no such channel, nor one that was deleted before", async () => {
    const id = await create("twice");
    await remove(id).expect(200);
    for (const missing of [id, crypto.randomUUID()]) {
      const { body } = await remove(missing).expect(404);
      expect(body).toMatchObject({ code: "channel_not_found" });
    }
  });
});

describe("412", () => {
  test("keeps a channel whose definition has changed since", async () => {
    const id = await create("changed");
    const { headers } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
    const { headers: now } = await as("admin", server)
      .patch(`/setup/v1/channels/${id}`)
      .send({ tags: { floor: 3 } })
      .expect(200);
    const { body } = await remove(id).set("If-Match", String(headers["etag"])).expect(412);
    expect(body).toMatchObject({ code: "precondition_failed" });
    await remove(id).set("If-Match", String(now["etag"])).expect(200);
  });
});
