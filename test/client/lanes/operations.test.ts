import { defineChannel, isApiError, type Kronicle } from "@kronicle/client";
import { createRawClient, type RawClient } from "@kronicle/client/raw";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { operations } from "../../../client/src/schema.generated.ts";
import { KEYS, startTestServer, type TestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";

const NO_KEY = "000000000000";
const thermometer = defineChannel({ temperature: "float" });

/** What the SDK leaves alone: the same behaviour under an older path, and pages for people. */
type LeftAlone = (typeof LEFT_ALONE)[number];
const LEFT_ALONE = [
  "replaceChannelByBody",
  "listColumnTypesByOldPath",
  "getDocs",
  "getDocsAsset",
  "getProblem",
  "listProblems",
] as const;

type Call = (client: Kronicle & { readonly raw: RawClient }, id: string) => Promise<unknown>;

/** How the SDK reaches each operation of the contract. A new operation does not compile until it stands here. */
const CALLS: Readonly<Record<Exclude<keyof operations, LeftAlone>, Call>> = {
  listChannels: ({ reader }) => reader.listChannels().page(),
  getChannel: ({ reader }, id) => reader.getChannel(id),
  readRows: ({ reader }, id) => reader.channel(id, thermometer).rows().page(),
  readColumns: ({ reader }, id) => reader.channel(id, thermometer).columns(),
  exportRows: ({ reader }, id) => reader.channel(id, thermometer).csv().then(drain),
  aggregateRows: ({ reader }, id) => reader.channel(id, thermometer).aggregate().page(),
  aggregateColumns: ({ reader }, id) => reader.channel(id, thermometer).aggregate().columns(),
  exportAggregate: ({ reader }, id) => reader.channel(id, thermometer).aggregate().csv().then(drain),
  sampleRows: ({ reader }, id) => reader.channel(id, thermometer).sample("temperature"),

  getLatest: ({ reader }, id) => reader.channel(id, thermometer).latest(),
  listLatest: ({ reader }) => reader.latest().page(),
  listTags: ({ reader }) => reader.tags().page(),
  listTagValues: ({ reader }) => reader.tagValues("room").page(),

  upsertChannel: ({ writer }) => writer.upsertChannel({ name: "upserted", schema: thermometer }),
  appendRows: ({ writer }, id) => writer.channel(id, thermometer).append([{ temperature: 1 }]),
  listChannelsAsWriter: ({ writer }) => writer.listChannels().page(),
  getChannelAsWriter: ({ writer }, id) => writer.getChannel(id),
  readRowsAsWriter: ({ writer }, id) => writer.channel(id, thermometer).rows().page(),
  readColumnsAsWriter: ({ writer }, id) => writer.channel(id, thermometer).columns(),
  exportRowsAsWriter: ({ writer }, id) => writer.channel(id, thermometer).csv().then(drain),

  createChannel: ({ setup }) => setup.createChannel({ schema: thermometer }),
  replaceChannel: ({ setup }, id) => setup.replaceChannel(id, { tags: { room: "lab" } }),
  patchChannel: ({ setup }, id) => setup.patchChannel(id, { tags: { room: "attic" } }),
  cloneChannel: ({ setup }, id) => setup.cloneChannel(id),
  deleteRows: ({ setup }, id) => setup.channel(id, thermometer).deleteRows({ all: true }),
  deleteChannel: ({ setup }, id) => setup.deleteChannel(id),
  deleteChannels: ({ setup }, id) => setup.deleteChannels([id]),
  appendRowsAsAdmin: ({ setup }, id) => setup.channel(id, thermometer).append([{ temperature: 1 }]),
  listChannelsAsAdmin: ({ setup }) => setup.listChannels().page(),
  getChannelAsAdmin: ({ setup }, id) => setup.channel(id, thermometer).get(),
  readRowsAsAdmin: ({ setup }, id) => setup.channel(id, thermometer).rows().page(),
  readColumnsAsAdmin: ({ setup }, id) => setup.channel(id, thermometer).columns(),
  exportRowsAsAdmin: ({ setup }, id) => setup.channel(id, thermometer).csv().then(drain),
  listColumnTypes: ({ setup }) => setup.listColumnTypes(),
  getCapabilities: ({ setup }) => setup.capabilities(),
  createKey: ({ setup }) => setup.createKey({ lane: "reader" }),
  listKeys: ({ setup }) => setup.listKeys().page(),
  rotateKey: ({ setup }) => orApiError(setup.rotateKey(NO_KEY)),
  revokeKey: ({ setup }) => orApiError(setup.revokeKey(NO_KEY)),

  logIn: ({ raw }) => raw.POST("/auth/v1/login", { body: { login: "nobody", password: "nothing" } }),
  changePassword: ({ raw }) =>
    raw.POST("/auth/v1/change_password", { body: { password: "old", new_password: "a longer new one" } }),
  rotateSigningKey: ({ raw }) => raw.POST("/auth/v1/signing_keys/rotate"),
  getJwks: ({ raw }) => raw.GET("/.well-known/jwks.json"),
  listUsers: ({ raw }) => raw.GET("/rbac/v1/users"),
  createUser: ({ raw }) =>
    raw.POST("/rbac/v1/users", { body: { email: "ada@example.org", role: "reader", password: "correct horse battery" } }),
  getUser: ({ raw }, id) => raw.GET("/rbac/v1/users/{user_id}", { params: { path: { user_id: id } } }),
  patchUser: ({ raw }, id) =>
    raw.PATCH("/rbac/v1/users/{user_id}", { params: { path: { user_id: id } }, body: { disabled: true } }),
  deleteUser: ({ raw }, id) => raw.DELETE("/rbac/v1/users/{user_id}", { params: { path: { user_id: id } } }),
  listAudit: ({ raw }) => raw.GET("/rbac/v1/audit"),

  getLiveness: ({ service }) => service.live(),
  getReadiness: ({ service }) => service.ready(),
  getMetrics: ({ service }) => service.metrics(),
  getVersion: ({ service }) => service.version(),
  getContractJson: ({ service }) => service.contract(),
  getContractYaml: ({ service }) => service.contractYaml(),
};

/** A definition is compared with its channel before it is first written by, or when answers do not say what the columns are. */
const BEFORE = new Map([
  ["aggregateRows", ["getChannel"]],
  ["aggregateColumns", ["getChannel"]],
  ["appendRows", ["getChannelAsWriter"]],
  ["appendRowsAsAdmin", ["getChannelAsAdmin"]],
]);

/** Whose answer is a refusal has been reached as well. */
function orApiError(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => {
    if (!isApiError(error)) throw error;
  });
}

function drain(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** The operations that requests belong to. */
function operationsOf(requests: readonly Request[]): (string | undefined)[] {
  return requests.map(({ method, url }) => {
    const path = new URL(url).pathname;
    const named = server.context.contract.operations.filter((operation) => operation.method === method.toLowerCase());
    const exact = named.find((operation) => operation.path === path);
    const matching = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
    return (exact ?? named.find((operation) => matching(operation.path)))?.id;
  });
}

describe("every operation of the contract", () => {
  test.each(Object.entries(CALLS))("%s is one call of the SDK, on its own lane", async (operation, call) => {
    const { channel_id } = await connect("admin", server).setup.createChannel({ schema: thermometer });
    const requests: Request[] = [];
    const send: typeof fetch = (input, init) => {
      const request = new Request(input, init);
      requests.push(request);
      return fetch(request);
    };
    const raw = createRawClient({ baseUrl: server.url, token: KEYS.admin, fetch: send, retries: 0 });
    await call({ ...connect("admin", server, send), raw }, channel_id);
    expect(operationsOf(requests)).toEqual([...(BEFORE.get(operation) ?? []), operation]);
  });

  test("is among them", () => {
    const offered = server.context.contract.operations.map(({ id }) => id);
    expect(offered.toSorted()).toEqual([...Object.keys(CALLS), ...LEFT_ALONE].toSorted());
  });
});

describe("the service", () => {
  test("says what it can do, and by which contract", async () => {
    const { setup, service } = connect("admin", server);
    expect(await setup.listColumnTypes()).toEqual(["str", "int", "int64", "float", "bool", "uuid", "datetime", "dict", "list"]);
    expect(await setup.capabilities()).toMatchObject({ timescaledb: { version: expect.any(String) }, walls: { contract: true } });
    expect(await service.contractYaml()).toBe(server.context.contract.yaml.text);
    expect(await service.contract()).toEqual(server.context.contract.document);
    expect((await service.version()).contract).toBe(server.context.contract.version);
  });
});
