import { expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
const FIELDS = { channel_schema: { value: "float" } };
const OTHER = "0b7a1d8e-6c1f-4a77-9f0e-0d8f3c1b2a45";

test("id is another word for channel_id in every body that names a channel", async () => {
  const admin = as("admin", server);
  const ids = ["created", "upserted", "replaced", "copied"].map(() => crypto.randomUUID());
  const [created, upserted, replaced, copied] = ids;
  await admin
    .post("/setup/v1/channels")
    .send({ id: created, ...FIELDS })
    .expect(201);
  await as("writer", server)
    .post("/data/v1/channels")
    .send({ id: upserted, ...FIELDS })
    .expect(201);
  await admin
    .put("/setup/v1/channels")
    .send({ id: replaced, ...FIELDS })
    .expect(201);
  await admin.post(`/setup/v1/channels/${created}/clone`).send({ id: copied }).expect(201);
  await admin
    .patch(`/setup/v1/channels/${created}`)
    .send({ id: created, tags: { room: "lab" } })
    .expect(200);
  await admin
    .put(`/setup/v1/channels/${created}`)
    .send({ id: created, tags: { room: "attic" } })
    .expect(200);
  const rows = [{ value: 1 }];
  await as("writer", server).post(`/data/v1/channels/${created}/rows`).send({ id: created, rows }).expect(200);
  for (const id of ids) await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
});

test("id that differs from channel_id, or from the path, is refused", async () => {
  const id = await createChannel(server, FIELDS);
  const admin = as("admin", server);
  const both = await admin
    .post("/setup/v1/channels")
    .send({ id: OTHER, channel_id: id, ...FIELDS })
    .expect(400);
  expect(both.body).toMatchObject({ code: "request_invalid", errors: [{ pointer: "/id", code: "differs_from_channel_id" }] });
  const path = await admin.patch(`/setup/v1/channels/${id}`).send({ id: OTHER }).expect(400);
  expect(path.body).toMatchObject({ code: "request_invalid", errors: [{ code: "differs_from_path" }] });
  await admin.put("/setup/v1/channels").send(FIELDS).expect(400);
});
