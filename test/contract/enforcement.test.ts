import { createRequire } from "node:module";
import supertest from "supertest";
import { describe, expect, test } from "vitest";
import type { createApp } from "../../server/src/app.ts";
import { JsonText } from "../../server/src/contract/json-text.ts";
import { createResponseValidator } from "../../server/src/contract/response-validator.ts";
import { contractRouter } from "../../server/src/http/pipeline/contract-router.ts";
import { type Answer, createReply } from "../../server/src/http/pipeline/reply.ts";
import { requestId } from "../../server/src/http/pipeline/request-id.ts";
import { sendProblem } from "../../server/src/http/pipeline/send-problem.ts";
import { ProblemError } from "../../server/src/problems/problem-error.ts";
import { anonymous } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

/** The one that the server has; the suite has none of its own. */
const express: () => ReturnType<typeof createApp> = createRequire(new URL("../../server/package.json", import.meta.url))(
  "express",
);

const server = useTestServer();

/** The pipeline of the server, with a handler that answers every operation the same way. */
function answering(handle: () => Answer, validates = true) {
  const { config, contract, observe } = server.context;
  const reply = createReply(validates ? createResponseValidator(contract) : null, config.answerMemoryBytes);
  const app = express();
  app.use(requestId);
  app.use(contractRouter(contract));
  app.use((request, response) => reply(request, response, handle()));
  app.use(sendProblem(contract, observe, reply));
  return supertest(app);
}

const JSON_TYPE = "application/json";
const GOOD: Answer = { status: 200, type: JSON_TYPE, body: { server: "1.0.0", contract: "1.0.0" } };

const PROBLEM = {
  type: "/problems/request_invalid",
  title: "The request breaks the contract",
  status: 400,
  detail: "No.",
  instance: "/",
  code: "request_invalid",
  request_id: "1",
  trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
  errors: [],
};

const FORBIDDEN: [string, Answer][] = [
  ["a status that the operation does not list", { ...GOOD, status: 201 }],
  ["a status without body that it does not list", { status: 204, type: JSON_TYPE, body: null }],
  ["a media type that it does not list", { ...GOOD, type: "text/html", body: "<p>1.0.0</p>" }],
  ["a problem as a success", { ...GOOD, type: "application/problem+json" }],
  ["a success as a problem", { ...GOOD, status: 400 }],
  ["a body that lacks a field", { ...GOOD, body: { server: "1.0.0" } }],
  ["a body with a field of another type", { ...GOOD, body: { server: "1.0.0", contract: 1 } }],
  ["a body that is null", { ...GOOD, body: null }],
  ["JSON of the database that breaks the contract", { ...GOOD, body: new JsonText('{"server":"1.0.0","contract":null}') }],
  ["JSON of the database that is none", { ...GOOD, body: new JsonText('{"server":"1.0.0","contract":NaN}') }],
  ["a problem that lacks a field", { status: 400, type: "application/problem+json", body: { code: "request_invalid" } }],
  // A client has to take it from a later version; this one has no such code.
  ["a problem with an unknown code", { status: 400, type: "application/problem+json", body: { ...PROBLEM, code: "whatever" } }],
];

describe("an answer that the contract does not allow", () => {
  test.each(FORBIDDEN)("becomes a 500: %s", async (_what, answer) => {
    const { body, headers } = await answering(() => answer)
      .get("/health/version")
      .expect(500);
    expect(body).toMatchObject({ code: "server_fault", status: 500, errors: [], request_id: headers["x-request-id"] });
    // What the contract says and what was about to be sent is for the log.
    expect(body.detail).toBe("The server failed on this request. Its log has the reason under the request_id.");
  });

  test("becomes a 500 when it is a refusal that the operation does not list", async () => {
    const refuse = () => {
      throw new ProblemError("channel_exists", "There is one already.");
    };
    const { body } = await answering(refuse).get("/health/version").expect(500);
    expect(body).toMatchObject({ code: "server_fault" });
    const { body: allowed } = await answering(refuse).post("/setup/v1/channels").expect(409);
    expect(allowed).toMatchObject({ code: "channel_exists" });
  });

  test("goes out where answers are not checked", async () => {
    const { body } = await answering(() => ({ ...GOOD, status: 201, body: {} }), false)
      .get("/health/version")
      .expect(201);
    expect(body).toEqual({});
  });
});

describe("an answer that the contract allows", () => {
  test.each<[string, Answer]>([
    ["as an object", GOOD],
    ["as JSON of the database", { ...GOOD, body: new JsonText(JSON.stringify(GOOD.body)) }],
    ["as a problem", { status: 400, type: "application/problem+json", body: PROBLEM }],
    ["with a field more, for answers are open", { ...GOOD, body: { server: "1.0.0", contract: "1.0.0", commit: "abc" } }],
  ])("goes out %s", async (_what, answer) => {
    const { body } = await answering(() => answer)
      .get("/health/version")
      .expect(answer.status);
    expect(body).toMatchObject(answer.status === 200 ? { server: "1.0.0", contract: "1.0.0" } : PROBLEM);
  });
});

describe("a fault of the server", () => {
  test("tells the caller nothing of its cause", async () => {
    const fail = (): Answer => {
      throw new Error("secret: postgres://kronicle:hunter2@10.0.0.1/");
    };
    const { text } = await answering(fail).get("/health/version").expect(500);
    expect(text).not.toMatch(/secret|hunter2|10\.0\.0\.1|Error|\.ts/);
  });
});

describe("the server that the suite tests", () => {
  test("checks its answers", async () => {
    const { context } = server;
    const { contract } = context;
    Object.assign(context, { contract: { ...contract, version: 5 } });
    try {
      const { body } = await anonymous(server).get("/health/version").expect(500);
      expect(body).toMatchObject({ code: "server_fault" });
    } finally {
      Object.assign(context, { contract });
    }
    await anonymous(server).get("/health/version").expect(200);
  });
});
