import { beforeEach, describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const MINUTES = [0, 1, 2, 3, 4, 5];

const server = useTestServer();
let id: string;
beforeEach(async () => {
  const channel_schema = { minute: "int", note: "optional[str]" };
  id = await createChannel(server, { channel_schema });
  const rows = MINUTES.map((minute) => ({
    time: `2024-03-01T00:0${minute}:00Z`,
    minute,
    ...(minute % 2 === 0 ? { note: "even" } : {}),
  }));
  await appendRows(server, id, rows);
});

function remove(query: string, channelId = id) {
  return as("admin", server).delete(`/setup/v1/channels/${channelId}/rows${query}`);
}

async function leftMinutes(): Promise<number[]> {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}/rows?sort=time`).expect(200);
  expect(body.op_details.available_rows).toBe(body.rows.length);
  return body.rows.map(({ minute }: { minute: number }) => minute);
}

describe("200", () => {
  test.each([
    ["?all=true", []],
    ["?from=2024-03-01T00:02:00Z", [0, 1]],
    ["?to=2024-03-01T00:02:00Z", [2, 3, 4, 5]],
    ["?from=2024-03-01T00:01:00Z&to=2024-03-01T00:04:00Z", [0, 4, 5]],
    ["?min[minute]=2&max[minute]=3", [0, 1, 4, 5]],
    ["?col[note]=even", [1, 3, 5]],
    ["?null[note]=true&from=2024-03-01T00:02:00Z", [0, 1, 2, 4]],
    ["?any[minute]=0,5", [1, 2, 3, 4]],
    ["?from=2030-01-01T00:00:00Z", MINUTES],
    ["?from=1709251320&to=1709251380000", [0, 1, 3, 4, 5]],
    ["?to=now-30d", []],
    ["?from=now-1h", MINUTES],
  ])("with %j leaves %j, and the definition", async (query, left) => {
    const { body: before } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
    const { body } = await remove(query).expect(200);
    expect(body).toMatchObject({ channel_id: id, channel_schema: before.channel_schema, updated_at: before.updated_at });
    expect(body.op_details).toEqual({
      deleted_rows: MINUTES.length - left.length,
      available_rows: left.length,
      dry_run: false,
    });
    expect(await leftMinutes()).toEqual(left);
  });

  test.each([
    ["?dry_run=true&all=true", 6],
    ["?dry_run=true&min[minute]=4", 2],
  ])("with %s only counts", async (query, deleted_rows) => {
    const { body } = await remove(query).expect(200);
    expect(body.op_details).toEqual({ deleted_rows, available_rows: MINUTES.length, dry_run: true });
    expect(await leftMinutes()).toEqual(MINUTES);
  });
});

test("goes together with appends to the same channel, and the definition keeps its version", async () => {
  const append = (minute: number) =>
    as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [{ time: "2024-03-01T01:00:00Z", minute }] });
  const { headers: before } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
  await append(6).expect(200);
  await remove("?max[minute]=4").expect(200);
  await append(7).expect(200);
  await remove("?col[minute]=5").expect(200);
  await Promise.all([append(8).expect(200), append(9).expect(200), remove("?col[minute]=6").expect(200)]);
  expect((await leftMinutes()).toSorted()).toEqual([7, 8, 9]);
  const { headers: after } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
  expect(after["etag"]).toBe(before["etag"]);
});

describe("400", () => {
  test.each([
    ["form=2024-03-01T00:00:00Z", "form"],
    ["min[minut]=4", "min[minut]"],
    ["min[note]=4", "min[note]"],
    ["from=2024-03-01", "from"],
    ["limit=1", "limit"],
    ["dry_run=yes", "dry_run"],
    ["", "all"],
    ["dry_run=true", "all"],
    ["all=false", "all"],
    ["all=yes", "all"],
    ["all=true&min[minute]=4", "all"],
    ["all=true&to=now", "all"],
    ["all=true&all=true", "all"],
  ])("refuses %s, and deletes nothing", async (query, parameter) => {
    const { body } = await remove(`?${query}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter }] });
    expect(await leftMinutes()).toEqual(MINUTES);
  });

  test("says how to ask for every row", async () => {
    const { body } = await remove("").expect(400);
    expect(body).toMatchObject({ code: "query_invalid", detail: expect.stringContaining("all=true") });
  });
});

describe("404", () => {
  test("knows no such channel", async () => {
    const { body } = await remove("?all=true", crypto.randomUUID()).expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});
