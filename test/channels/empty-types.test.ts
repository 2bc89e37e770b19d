/** A type or a name that is empty is none, by whatever operation it comes. */
import { beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
let id: string;
beforeAll(async () => {
  id = await createChannel(server, { name: "thermo-1", channel_schema: { temperature: "float" } });
});

const SCHEMAS: [what: string, schema: string][] = [
  ["an empty type", '{"temperature":""}'],
  ["an empty type beside a good one", '{"temperature":"float","b":""}'],
  ["an empty type of time", '{"time":"","temperature":"float"}'],
  ["an empty optional", '{"temperature":"float","b":"optional[]"}'],
  ["a blank", '{"temperature":"float","b":" "}'],
  ["an empty type of __proto__", '{"temperature":"float","__proto__":""}'],
  ["an empty type of constructor", '{"temperature":"float","constructor":""}'],
  ["an empty name", '{"temperature":"float","":"float"}'],
  ["an empty name and type", '{"temperature":"float","":""}'],
  ["a type that is null", '{"temperature":"float","b":null}'],
  ["a type that is a list", '{"temperature":"float","b":[]}'],
];

const OPERATIONS = {
  createChannel: (schema: string) =>
    as("admin", server).post("/setup/v1/channels").type("json").send(`{"channel_schema":${schema}}`),
  replaceChannelByBody: (schema: string) =>
    as("admin", server)
      .put("/setup/v1/channels")
      .type("json")
      .send(`{"channel_id":"${crypto.randomUUID()}","channel_schema":${schema}}`),
  "replaceChannelByBody of one that is there": (schema: string) =>
    as("admin", server).put("/setup/v1/channels").type("json").send(`{"channel_id":"${id}","channel_schema":${schema}}`),
  replaceChannel: (schema: string) =>
    as("admin", server).put(`/setup/v1/channels/${crypto.randomUUID()}`).type("json").send(`{"channel_schema":${schema}}`),
  patchChannel: (schema: string) =>
    as("admin", server).patch(`/setup/v1/channels/${id}`).type("json").send(`{"channel_schema":${schema}}`),
  cloneChannel: (schema: string) =>
    as("admin", server).post(`/setup/v1/channels/${id}/clone`).type("json").send(`{"channel_schema":${schema}}`),
  upsertChannel: (schema: string) =>
    as("writer", server)
      .post("/data/v1/channels")
      .type("json")
      .send(`{"name":"${crypto.randomUUID()}","channel_schema":${schema}}`),
  "upsertChannel of one that is there": (schema: string) =>
    as("writer", server).post("/data/v1/channels").type("json").send(`{"name":"thermo-1","channel_schema":${schema}}`),
};

describe.each(Object.entries(OPERATIONS))("%s", (_operation, send) => {
  test.each(SCHEMAS)("refuses %s", async (_what, schema) => {
    const { status, body } = await send(schema);
    expect([status, body.code]).toEqual([400, expect.stringMatching(/^(schema|request)_invalid$/)]);
  });
});
