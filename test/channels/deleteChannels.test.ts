import { describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

const UNKNOWN_ID = "33333333-0000-4000-8000-000000000000";

async function create(): Promise<string> {
  return createChannel(server, { channel_schema: { temperature: "float" } });
}

function remove(fields: object) {
  return as("admin", server).post("/setup/v1/channels/batch-delete").send(fields);
}

describe("200", () => {
  test("has one result for each id, in their order, and deletes what there is", async () => {
    const [first, second, kept] = [await create(), await create(), await create()];
    const { body } = await remove({ channel_ids: [first, UNKNOWN_ID, second] }).expect(200);
    expect(body).toEqual([
      { channel_id: first, deleted: true },
      { channel_id: UNKNOWN_ID, deleted: false, code: "channel_not_found" },
      { channel_id: second, deleted: true },
    ]);
    const { body: left } = await as("reader", server).get("/api/v1/channels").expect(200);
    expect(left.map(({ channel_id }: { channel_id: string }) => channel_id)).toEqual([kept]);
  });

  test("deletes a channel that is named twice once", async () => {
    const id = await create();
    const { body } = await remove({ channel_ids: [id, id] }).expect(200);
    expect(body).toMatchObject([{ deleted: true }, { deleted: false, code: "channel_not_found" }]);
  });
});

describe("400", () => {
  test.each([
    ["no list", {}, "/channel_ids"],
    ["an empty list", { channel_ids: [] }, "/channel_ids"],
    ["an id that is no UUID beside one that is", (id: string) => ({ channel_ids: [id, "thermo-1"] }), "/channel_ids/1"],
    ["an unknown field", (id: string) => ({ channel_ids: [id], dry_run: true }), "/dry_run"],
  ])("refuses %s, and deletes nothing", async (_what, fields, pointer) => {
    const id = await create();
    const { body } = await remove(typeof fields === "function" ? fields(id) : fields).expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ pointer }] });
    await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
  });
});
