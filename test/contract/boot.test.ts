import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { createApp } from "../../server/src/app.ts";
import { assertOnlyContractRoutes } from "../../server/src/contract/assert-only-contract-routes.ts";
import { ContractError, loadContract, readContractFile } from "../../server/src/contract/contract.ts";
import { contractRouter } from "../../server/src/http/pipeline/contract-router.ts";
import { operations } from "../../server/src/operations.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const guarded = { security: [{ bearer: [] }], "x-lowest-role": "writer" };
const getThing = { operationId: "getThing", security: [], responses: { "200": { description: "It." } } };

/** A contract with one path, `/thing`. */
function contractWith(item: object, more: object = {}): string {
  return stringify({ openapi: "3.1.0", info: { title: "Things", version: "1.0.0" }, paths: { "/thing": item }, ...more });
}

describe("loadContract", () => {
  test("takes the contract of this server with its handlers", async () => {
    const contract = await loadContract(readContractFile(), Object.keys(operations));
    expect(contract.operations.map(({ id }) => id).toSorted()).toEqual(Object.keys(operations).toSorted());
  });

  test("takes a small one", async () => {
    const { operations: read } = await loadContract(contractWith({ get: getThing }), ["getThing"]);
    expect(read).toMatchObject([{ id: "getThing", method: "get", path: "/thing", role: null }]);
  });

  test("reads the lowest role", async () => {
    const { operations: read } = await loadContract(contractWith({ get: { ...getThing, ...guarded } }), ["getThing"]);
    expect(read).toMatchObject([{ role: "writer" }]);
  });

  const { security: _security, ...insecure } = getThing;
  const { operationId: _operationId, ...nameless } = getThing;

  test.each([
    ["broken YAML", "openapi: [3.1.0", /not valid YAML/],
    ["a key that stands twice", `${contractWith({ get: getThing })}\npaths: {}\n`, /not valid YAML/],
    ["an empty file", "", /not valid OpenAPI 3\.1/],
    ["YAML that is no document", "just words", /not valid OpenAPI 3\.1/],
    ["invalid OpenAPI", contractWith({ get: { ...getThing, responses: "none" } }), /not valid OpenAPI 3\.1/],
    ["OpenAPI without info", contractWith({ get: getThing }, { info: {} }), /not valid OpenAPI 3\.1/],
    ["OpenAPI 3.0", contractWith({ get: getThing }, { openapi: "3.0.3" }), /not valid OpenAPI 3\.1/],
    [
      "OpenAPI without paths",
      stringify({ openapi: "3.1.0", info: { title: "Things", version: "1.0.0" }, components: {} }),
      /paths/,
    ],
    ["an operation without id", contractWith({ get: nameless }), /get \/thing .*operationId/],
    ["an operation without security", contractWith({ get: insecure }), /get \/thing .*security/],
    [
      "security only for the document",
      contractWith({ get: { ...insecure, "x-lowest-role": "admin" } }, { security: [{ bearer: [] }] }),
      /get \/thing .*security/,
    ],
    [
      "an unknown role",
      contractWith({ get: { ...getThing, ...guarded, "x-lowest-role": "owner" } }),
      /get \/thing .*x-lowest-role/,
    ],
    ["a scope", contractWith({ get: { ...getThing, ...guarded, security: [{ bearer: ["writer"] }] } }), /get \/thing .*security/],
    [
      "security without a role",
      contractWith({ get: { ...getThing, security: [{ bearer: [] }] } }),
      /get \/thing .*x-lowest-role/,
    ],
    ["a role without security", contractWith({ get: { ...getThing, "x-lowest-role": "writer" } }), /get \/thing .*x-lowest-role/],
    ["an unknown scheme", contractWith({ get: { ...getThing, security: [{ cookie: [] }] } }), /get \/thing .*security/],
    [
      "a choice of none",
      contractWith({ get: { ...getThing, ...guarded, security: [{ bearer: [] }, {}] } }),
      /get \/thing .*security/,
    ],
    ["an id that stands twice", contractWith({ get: getThing, put: getThing }), /two operations getThing/],
    [
      "an operation of a method that is never routed",
      contractWith({ get: getThing, trace: { ...getThing, operationId: "traceThing" } }),
      /trace/,
    ],
  ])("refuses %s, in a sentence that names it", async (_what, yaml, message) => {
    const loading = loadContract(yaml, ["getThing"]);
    await expect(loading).rejects.toThrow(ContractError);
    await expect(loading).rejects.toThrow(message);
  });

  test("refuses an operation without handler", async () => {
    const loading = loadContract(
      readContractFile(),
      Object.keys(operations).filter((id) => id !== "readRows"),
    );
    await expect(loading).rejects.toThrow(ContractError);
    await expect(loading).rejects.toThrow("The operation readRows (get /api/v1/channels/{channel_id}/rows) has no handler.");
  });

  test("refuses a handler without operation", async () => {
    const loading = loadContract(readContractFile(), [...Object.keys(operations), "dropEverything"]);
    await expect(loading).rejects.toThrow(ContractError);
    await expect(loading).rejects.toThrow("The handler dropEverything has no operation in the contract.");
  });
});

describe("assertOnlyContractRoutes", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const answer = (_request: unknown, response: ServerResponse) => void response.end();

  function emptyRouter() {
    return contractRouter({ ...server.context.contract, operations: [] });
  }

  function routerWith(path: string) {
    return emptyRouter().get(path, answer);
  }

  test("takes the app as it is made", () => {
    const app = createApp(server.context, operations);
    expect(() => assertOnlyContractRoutes(app, server.context.contract)).not.toThrow();
  });

  test.each<[string, (app: ReturnType<typeof createApp>) => unknown, RegExp]>([
    ["a path", (app) => app.get("/debug", answer), /\/debug/],
    ["a path among those of a list", (app) => app.get(["/health/live", "/debug"], answer), /\/debug/],
    ["a regular expression", (app) => app.get(/debug/, answer), /debug/],
    ["a path for all methods", (app) => app.all("/debug", answer), /\/debug/],
    ["a path of a router", (app) => app.use(routerWith("/debug")), /\/debug/],
    ["a path of a router in a router", (app) => app.use(emptyRouter().use(routerWith("/debug"))), /\/debug/],
    ["a known path below a prefix", (app) => app.use("/internal", routerWith("/health/live")), /\/health\/live/],
    ["a parameter of another name", (app) => app.get("/api/v1/channels/:id", answer), /\/api\/v1\/channels\/:id/],
    [
      "an unknown method of a known path",
      (app) => app.delete("/api/v1/channels/:channel_id", answer),
      /\/api\/v1\/channels\/:channel_id/,
    ],
  ])("refuses %s that the contract does not know, and names it", (_what, add, name) => {
    const app = createApp(server.context, operations);
    add(app);
    expect(() => assertOnlyContractRoutes(app, server.context.contract)).toThrow(ContractError);
    expect(() => assertOnlyContractRoutes(app, server.context.contract)).toThrow(name);
  });
});
