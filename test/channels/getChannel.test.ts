import { beforeAll, describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
let id: string;
beforeAll(async () => {
  id = await createChannel(server, { name: "thermo-1", channel_schema: { temperature: "float" } });
});

function get(channelId: string) {
  return as("reader", server).get(`/api/v1/channels/${channelId}`);
}

describe("200", () => {
  test("answers with the channel, its counters, and no rows", async () => {
    await appendRows(server, id, [{ time: "2024-03-01T00:00:00.5Z", temperature: 1 }]);
    const { body, headers } = await get(id).expect(200);

    expect(body).toMatchObject({
      channel_id: id,
      name: "thermo-1",
      channel_schema: { time: "datetime", temperature: "float" },
      available_rows: 1,
      first_time: "2024-03-01T00:00:00.500000Z",
      last_time: "2024-03-01T00:00:00.500000Z",
    });
    expect(body).not.toHaveProperty("rows");
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
  });

  test("takes the id in upper case", async () => {
    const { body } = await get(id.toUpperCase()).expect(200);
    expect(body.channel_id).toBe(id);
  });

  test("answers HEAD like GET, without a body", async () => {
    const { headers } = await get(id).expect(200);
    const response = await as("reader", server).head(`/api/v1/channels/${id}`).expect(200);
    expect(response.headers["content-length"]).toBe(headers["content-length"]);
    expect(response.text).toBeUndefined();
  });
});

describe("400", () => {
  test.each([
    "thermo-1",
    "%00",
    "%ff",
    "x".repeat(36),
    "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d1",
    "null",
    "urn:uuid:6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10",
  ])("refuses the id %s", async (channelId) => {
    const { body } = await get(channelId).expect(400);
    expect(body).toMatchObject({ code: "request_invalid" });
  });

  test("says which parameter is wrong", async () => {
    const { body } = await get("x".repeat(36)).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "channel_id", code: "format" }] });
  });

  test("refuses a query", async () => {
    const { body } = await get(`${id}?skip_received=false`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "skip_received" }] });
  });
});

describe("404", () => {
  test.each(["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"])(
    "knows no channel %s",
    async (channelId) => {
      const { body } = await get(channelId).expect(404);
      expect(body).toMatchObject({ code: "channel_not_found", detail: `No channel has the id ${channelId}.` });
    },
  );
});

test("is sent whole to a caller that knows the version: the ETag is that of the definition, and the counts may have changed", async () => {
  const { body } = await as("admin", server)
    .post("/setup/v1/channels")
    .send({ channel_schema: { temperature: "float" } })
    .expect(201);
  const { headers } = await as("reader", server).get(`/api/v1/channels/${body.channel_id}`).expect(200);
  const again = await as("reader", server)
    .get(`/api/v1/channels/${body.channel_id}`)
    .set("If-None-Match", String(headers["etag"]));
  expect([again.status, again.body]).toEqual([200, body]);
});
