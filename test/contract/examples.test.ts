import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createResponseValidator, type ResponseValidator } from "../../server/src/contract/response-validator.ts";
import { PROBLEMS } from "../../server/src/problems/codes.ts";
import { anonymous, as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { OPERATIONS } from "./document.ts";
import { EXAMPLE_CHANNEL, prepareExamples, signInAsExample } from "./example-world.ts";

const server = useTestServer();

describe("a request by the examples of the contract", () => {
  beforeEach(() => prepareExamples(server));

  const requests = OPERATIONS.flatMap((operation) =>
    operation.requests.map((example) => [`${operation.id} ${example.name} (${example.type})`, operation, example] as const),
  );
  const reads = OPERATIONS.filter(({ requests: bodies }) => bodies.length === 0).map(
    (operation) => [operation.id, operation] as const,
  );

  test("exists for every operation", () => {
    const covered = [...requests.map(([, { id }]) => id), ...reads.map(([id]) => id)];
    expect([...new Set(covered)].toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
    expect(covered.length).toBeGreaterThan(0);
  });

  test.each(requests)(
    "%s is accepted",
    async (_name, { id, method, examplePath, exampleQuery, role, statuses }, { type, value }) => {
      // The one example that makes the channel which the others find.
      if (id === "createChannel") await as("admin", server).delete(`/setup/v1/channels/${EXAMPLE_CHANNEL}`).expect(200);
      const caller = role === null ? anonymous(server) : as(role, server);
      // The one operation that an API key is not enough for.
      if (id === "changePassword") caller.set("Authorization", `Bearer ${await signInAsExample(server)}`);
      const { status, body } = await caller[method](examplePath)
        .query(exampleQuery)
        .type(type)
        .send(type === "application/json" ? JSON.stringify(value) : String(value));
      expect({ status, body }).toMatchObject({ status: expect.toBeOneOf([200, 201]) });
      expect(statuses).toContain(String(status));
    },
  );

  test.each(reads)("%s is accepted", async (_id, { method, examplePath, exampleQuery, role, statuses }) => {
    const caller = role === null ? anonymous(server) : as(role, server);
    const { status, body } = await caller[method](examplePath).query(exampleQuery);
    expect({ status, body }).toMatchObject({ status: expect.toBeOneOf([200, 201]) });
    expect(statuses).toContain(String(status));
  });
});

describe("an example of an answer", () => {
  const answers = OPERATIONS.flatMap(({ id, responses }) =>
    responses.flatMap(({ status, type, examples }) =>
      examples.map(({ name, value }) => [`${id} ${status} ${name} (${type})`, { id, status, type, value }] as const),
    ),
  );

  let validate: ResponseValidator;
  beforeAll(() => {
    validate = createResponseValidator(server.context.contract);
  });

  test.each(answers)("%s is what the contract allows", (_name, { id, status, type, value }) => {
    const isProblem = type === "application/problem+json";
    const shown = isProblem ? Number(Reflect.get(Object(value), "status")) : Number(status);
    expect(status).toBeOneOf([String(shown), `${String(shown)[0]}XX`]);
    expect(() => validate(id, shown, type, value)).not.toThrow();
  });

  const problems = answers.filter(([, { type }]) => type === "application/problem+json");

  test.each(problems)("%s has the words of the server", (_name, { value }) => {
    const known = Object.entries(PROBLEMS).map(([code, { status, title }]) => ({
      type: `/problems/${code}`,
      code,
      status,
      title,
    }));
    expect(known).toContainEqual({
      type: Reflect.get(Object(value), "type"),
      code: Reflect.get(Object(value), "code"),
      status: Reflect.get(Object(value), "status"),
      title: Reflect.get(Object(value), "title"),
    });
  });
});
