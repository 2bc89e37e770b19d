import { request } from "node:http";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { unknownKey } from "../support/identity.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { type DocumentedOperation, OPERATIONS } from "./document.ts";
import { prepareExamples } from "./example-world.ts";

const ROLES = ["reader", "writer", "admin"] as const;

const server = useTestServer();

beforeAll(() => prepareExamples(server));

/** Some operations delete, and others make what can be made once only. Whoever is refused does neither. */
const prepareAnew = () => prepareExamples(server);

type Answer = { status: number | undefined; challenge: string | undefined; body: string };

/** Sends the path as it stands here; other clients tidy it up. */
function send(method: string, path: string, authorization: string | undefined, body?: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { hostname, port } = new URL(server.url);
  const headers = {
    ...(authorization === undefined ? {} : { Authorization: authorization }),
    ...(body === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
  };
  const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => {
      const challenge = response.headers["www-authenticate"];
      resolve({ status: response.statusCode, challenge, body: Buffer.concat(chunks).toString("utf8") });
    });
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

/** Calls the operation, with a body that most do not take: what matters here is whether it gets that far. */
function knock({ method, examplePath, requests }: DocumentedOperation, authorization: string | undefined): Promise<Answer> {
  return send(method.toUpperCase(), examplePath, authorization, requests.length > 0 ? "{}" : undefined);
}

const INVALID: [string, string][] = [
  ["an empty header", ""],
  ["the scheme alone", "Bearer"],
  ["no scheme", KEYS.admin],
  ["another scheme", `Basic ${Buffer.from(`admin:${KEYS.admin}`).toString("base64")}`],
  ["two keys", `Bearer ${KEYS.admin} ${KEYS.admin}`],
  ["a key with a list", `Bearer ${KEYS.admin}, Bearer ${KEYS.admin}`],
  ["a key in other case", `Bearer ${KEYS.admin.toUpperCase()}`],
  ["the start of a key", `Bearer ${KEYS.admin.slice(0, -1)}`],
  ["a very long key", `Bearer ${"a".repeat(8_000)}`],
  ["a key with a wrong checksum", `Bearer ${unknownKey("admin").slice(0, -1)}!`],
  ...ROLES.map((lane): [string, string] => [`an unknown ${lane} key`, `Bearer ${unknownKey(lane)}`]),
];

const open = OPERATIONS.filter(({ role }) => role === null);
const guarded = OPERATIONS.flatMap((operation) =>
  operation.role === null ? [] : [[operation.id, operation, operation.role] as const],
);

test("operations are open or guarded, and there are both", () => {
  expect(open.length).toBeGreaterThan(0);
  expect(guarded.length).toBeGreaterThan(0);
  expect(open.length + guarded.length).toBe(OPERATIONS.length);
});

describe("an open operation", () => {
  beforeEach(prepareAnew);

  test.each(open.map((operation) => [operation.id, operation] as const))(
    "%s takes any caller, whatever they bring",
    async (_id, operation) => {
      for (const authorization of [undefined, ...INVALID.map(([, header]) => header), `Bearer ${KEYS.reader}`]) {
        const body = operation.requests[0] && JSON.stringify(operation.requests[0].value);
        expect(await send(operation.method.toUpperCase(), operation.examplePath, authorization, body)).toMatchObject({
          status: 200,
        });
      }
    },
  );
});

describe.each(guarded)("%s", (_id, operation, role) => {
  test("answers 401 with a challenge to a caller without a key", async () => {
    const { status, challenge, body } = await knock(operation, undefined);
    expect(status).toBe(401);
    expect(challenge).toBe('Bearer realm="kronicle"');
    expect(JSON.parse(body)).toMatchObject({ code: "credential_missing" });
  });

  test.each(INVALID)("answers 401 with a challenge to %s", async (_what, authorization) => {
    const { status, challenge, body } = await knock(operation, authorization);
    expect(status).toBe(401);
    expect(challenge).toBe('Bearer realm="kronicle", error="invalid_token"');
    expect(JSON.parse(body)).toMatchObject({ code: "credential_invalid" });
  });

  test.each(ROLES.slice(0, ROLES.indexOf(role)))("answers 403 to a %s", async (lower) => {
    const { status, body } = await knock(operation, `Bearer ${KEYS[lower]}`);
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ code: "role_too_low" });
  });

  describe("opens", () => {
    beforeEach(prepareAnew);

    test.each(ROLES.slice(ROLES.indexOf(role)))("to a %s", async (higher) => {
      const { status } = await knock(operation, `Bearer ${KEYS[higher]}`);
      expect(status).toBeOneOf([200, 201, 400]);
    });

    test("to the scheme in any case", async () => {
      const { status } = await knock(operation, `bEARER ${KEYS.admin}`);
      expect(status).toBeOneOf([200, 201, 400]);
    });
  });
});

describe.each(guarded.filter(([, { requests }]) => requests.length > 0))(
  "%s, before its body",
  (_id, { method, examplePath }, role) => {
    /** Announces a body of a gigabyte, sends its first bytes, and waits for the answer. */
    function sendStart(authorization: Record<string, string>): Promise<number | undefined> {
      const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
      const headers = { "Content-Type": "text/nonsense", "Content-Length": 1_000_000_000, ...authorization };
      const sent = request(server.url + examplePath, { method: method.toUpperCase(), headers, agent: false }, (response) => {
        resolve(response.statusCode);
        sent.destroy();
      });
      sent.on("error", reject);
      sent.write('{"never ends": [');
      return promise;
    }

    test("answers 401 without a key", async () => {
      expect(await sendStart({})).toBe(401);
    });

    test.each(ROLES.slice(0, ROLES.indexOf(role)))("answers 403 to a %s", async (lower) => {
      expect(await sendStart({ Authorization: `Bearer ${KEYS[lower]}` })).toBe(403);
    });
  },
);

/** Other ways to write a path, which proxies and frameworks may take for the same. */
function variants(path: string): string[] {
  const slashes = [...path.matchAll(/\//g)].map(({ index }) => index);
  const inner = slashes.filter((index) => index > 0);
  const replaceAt = (index: number, text: string) => path.slice(0, index) + text + path.slice(index + 1);
  return [
    path.toUpperCase(),
    path.charAt(0) + path.charAt(1).toUpperCase() + path.slice(2),
    `${path}/`,
    `${path}//`,
    `${path}%2f`,
    `${path}%00`,
    `${path}%20`,
    `${path}.`,
    `${path};v=1`,
    `${path}/.`,
    `/.${path}`,
    `/x/..${path}`,
    `/%2e${path}`,
    `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`,
    path.replaceAll("/", "\\"),
    path.slice(1),
    ...slashes.map((index) => replaceAt(index, "//")),
    ...inner.flatMap((index) => [replaceAt(index, "%2f"), replaceAt(index, "%2F"), replaceAt(index, "%5c")]),
  ].filter((variant) => variant.startsWith("/") && variant !== path);
}

/** What an operation does not go without. */
const NEEDED_QUERY: Readonly<Record<string, string>> = { deleteRows: "?all=true", sampleRows: "?column=temperature" };

describe("a path that is written another way", () => {
  beforeEach(prepareAnew);

  test.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
    "never reaches %s",
    async (id, { method, examplePath, requests }) => {
      const body = requests[0] && JSON.stringify(requests[0].value);
      const call = (path: string) => send(method.toUpperCase(), path, `Bearer ${KEYS.admin}`, body);

      for (const path of variants(examplePath)) {
        const { status: refusal, body: problem } = await call(path);
        expect([path, refusal]).toEqual([path, expect.toBeOneOf([400, 404, 405])]);
        expect(JSON.parse(problem)).toMatchObject({
          code: expect.toBeOneOf(["path_not_found", "request_invalid", "method_not_allowed"]),
        });
      }
      // So that this proves something: spelt right, the same request does reach it.
      const { status } = await call(`${examplePath}${NEEDED_QUERY[id] ?? ""}`);
      // 409: the example names its channel, which another operation has made already. 403: a key has no password to change.
      expect(status).toBeOneOf([200, 201, 409, ...(id === "changePassword" ? [403] : [])]);
    },
  );
});
