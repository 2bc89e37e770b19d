import { describe, expect, test } from "vitest";
import { createFilledChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const FIRST = { temperature: "float", humidity: "float" };

/** A channel with a row, whose schema an admin then changed. */
async function createGrown(name: string): Promise<string> {
  const rows = [{ time: "2024-03-01T00:00:00Z", temperature: 20, humidity: 40 }];
  const id = await createFilledChannel(server, { name, channel_schema: FIRST, rows });
  await as("admin", server)
    .patch(`/setup/v1/channels/${id}`)
    .send({ channel_schema: { humidity: "optional[float]", note: "optional[str]" } })
    .expect(200);
  return id;
}

describe("a device that nobody has updated", () => {
  test("goes on writing by the schema that the channel had", async () => {
    const id = await createGrown("grown");
    const rows = [{ time: "2024-03-01T00:01:00Z", temperature: 21, humidity: 41 }];
    const { body } = await as("writer", server)
      .post("/data/v1/channels")
      .send({ name: "grown", channel_schema: FIRST, rows })
      .expect(200);
    expect(body).toMatchObject({
      available_rows: 2,
      channel_schema: { time: "datetime", temperature: "float", humidity: "optional[float]", note: "optional[str]" },
    });
    const { body: read } = await as("reader", server).get(`/api/v1/channels/${id}/rows?limit=1`).expect(200);
    expect(read.rows).toEqual([{ ...rows[0], note: null }]);
  });

  test("is told which columns differ, and what to do, when its schema never was the channel's", async () => {
    await createGrown("other");
    const channel_schema = { humidity: "optional[int]", temprature: "float" };
    const { body } = await as("writer", server).post("/data/v1/channels").send({ name: "other", channel_schema }).expect(409);
    expect(body).toMatchObject({
      code: "schema_conflict",
      errors: [
        { pointer: "/channel_schema/humidity", code: "other_type", detail: "the channel has it as optional[float]" },
        {
          pointer: "/channel_schema/temprature",
          code: "unknown_column",
          detail: 'the channel has no such column; did you mean "temperature"?',
        },
        { pointer: "/channel_schema/temperature", code: "missing", detail: "the channel has it as float" },
      ],
    });
    expect(body.detail).toContain("/channel_schema/humidity: the channel has it as optional[float]; /channel_schema/temprature");
    expect(body.detail).toContain("Leave channel_schema out, or give the stored one; an admin changes it with PATCH.");
  });
});

describe("an admin who replaces a channel", () => {
  test("has to give the stored schema itself, and is told what differs", async () => {
    const id = await createGrown("replaced");
    const { body } = await as("admin", server).put(`/setup/v1/channels/${id}`).send({ channel_schema: FIRST }).expect(409);
    expect(body).toMatchObject({
      code: "schema_conflict",
      errors: [
        { pointer: "/channel_schema/humidity", code: "other_type", detail: "the channel has it as optional[float]" },
        { pointer: "/channel_schema/note", code: "missing", detail: "the channel has it as optional[str]" },
      ],
    });
    expect(body.detail).toMatch(/or change it with PATCH\.$/);
    const same = { temperature: "float", humidity: "optional[float]", note: "optional[str]" };
    await as("admin", server).put(`/setup/v1/channels/${id}`).send({ channel_schema: same }).expect(200);
  });
});
