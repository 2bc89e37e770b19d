import { describe, expect, test } from "vitest";
import { createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { scrapeWhenIdle, valueOf } from "../../support/network/scrape.ts";
import { useTestServer } from "../../support/use-test-server.ts";

// A server remembers the definitions that it has appended by. These tests change one behind its back: after a first append.
const server = useTestServer();

const TIME = "2024-03-01T00:00:00Z";

async function createUsedChannel(channel_schema: Record<string, string>, row: object | null): Promise<string> {
  const id = await createChannel(server, { channel_schema });
  // Even a refused row makes the server look at the definition.
  await append(id, row ?? { unknown: 1 }).expect(row ? 200 : 400);
  return id;
}

function append(id: string, row: object) {
  return as("writer", server)
    .post(`/data/v1/channels/${id}/rows`)
    .send({ rows: [{ time: TIME, ...row }] });
}

function patch(id: string, body: object) {
  return as("admin", server).patch(`/setup/v1/channels/${id}`).send(body).expect(200);
}

async function countStatements(): Promise<number> {
  const samples = await scrapeWhenIdle(server);
  return valueOf(samples, "kronicle_database_statement_duration_seconds_count", { role: "writer" });
}

describe("an append after a change of the channel", () => {
  test("takes a column that was added", async () => {
    const id = await createUsedChannel({ a: "float" }, { a: 1 });
    await patch(id, { channel_schema: { a: "float", b: "optional[str]" } });
    const { body } = await append(id, { a: 2, b: "x" }).expect(200);
    expect(body).toMatchObject({ channel_schema: { b: "optional[str]" }, available_rows: 2 });
  });

  test("may leave out a column that was made optional", async () => {
    const id = await createUsedChannel({ a: "float", b: "float" }, { a: 1, b: 1 });
    await patch(id, { channel_schema: { a: "float", b: "optional[float]" } });
    const { body } = await append(id, { a: 2 }).expect(200);
    expect(body).toMatchObject({ available_rows: 2 });
  });

  test("is checked by columns that were replaced, not by those that the server remembers", async () => {
    const id = await createUsedChannel({ a: "float" }, null);
    await patch(id, { channel_schema: { a: "str" } });
    const { body } = await append(id, { a: 1 }).expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0/a", code: "not_a_string" }] });
    await append(id, { a: "one" }).expect(200);
  });

  test("answers with the labels as they are now", async () => {
    const id = await createUsedChannel({ a: "float" }, { a: 1 });
    await patch(id, { name: "renamed", tags: { floor: 3 } });
    const { body } = await append(id, { a: 2 }).expect(200);
    expect(body).toMatchObject({ name: "renamed", tags: { floor: 3 }, available_rows: 2 });
  });

  test("reads the labels that were changed once, and remembers them", async () => {
    const id = await createUsedChannel({ a: "float" }, { a: 1 });
    await patch(id, { tags: { floor: 4 } });
    await append(id, { a: 2 }).expect(200);
    const before = await countStatements();
    await append(id, { a: 3 }).expect(200);
    expect(await countStatements()).toBe(before + 1);
  });

  test("counts from nothing when the rows were deleted", async () => {
    const id = await createUsedChannel({ a: "float" }, { a: 1 });
    await as("admin", server).delete(`/setup/v1/channels/${id}/rows?all=true`).expect(200);
    const { body } = await append(id, { a: 2 }).expect(200);
    expect(body).toMatchObject({ available_rows: 1 });
  });

  test("is a 404 when the channel was deleted", async () => {
    const id = await createUsedChannel({ a: "float" }, { a: 1 });
    await as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200);
    const { body } = await append(id, { a: 2 }).expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });

  test("goes to the channel that took the id of a deleted one", async () => {
    const id = await createUsedChannel({ a: "float" }, { a: 1 });
    await as("admin", server).delete(`/setup/v1/channels/${id}`).expect(200);
    await as("admin", server)
      .post("/setup/v1/channels")
      .send({ channel_id: id, channel_schema: { b: "str" } })
      .expect(201);
    const { body } = await append(id, { b: "x" }).expect(200);
    expect(body).toMatchObject({ channel_schema: { b: "str" }, available_rows: 1 });
  });
});
