/** What a person reads who has made a mistake: what was wrong, where, and what to do. */
import { beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../support/channels.ts";
import { anonymous, as } from "../support/http.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();
let id: string;
beforeAll(async () => {
  id = await createChannel(server, { name: "thermo-1", channel_schema: { temperature: "float" } });
});

type Answer = { body: { detail: string; errors: { pointer?: string; parameter?: string; detail: string }[] } };

const append = (body: object, path = `/data/v1/channels/${id}/rows`) => as("writer", server).post(path).send(body).expect(400);

describe("the sentence of a problem has its first fault, with its place", () => {
  const requests: [what: string, send: () => PromiseLike<Answer>][] = [
    ["a bad value", () => append({ rows: [{ temperature: "warm" }] })],
    ["an unknown column", () => append({ rows: [{ temprature: 1 }] })],
    [
      "a key that stands twice",
      () => as("writer", server).post(`/data/v1/channels/${id}/rows`).type("json").send('{"a":1,"a":2}'),
    ],
    ["an unknown parameter", () => as("reader", server).get("/api/v1/channels?nam=x").expect(400)],
    ["an unknown member", () => as("admin", server).post("/setup/v1/channels").send({ shema: {} }).expect(400)],
    ["a missing member", () => as("admin", server).post("/setup/v1/channels").send({ name: "x" }).expect(400)],
    [
      "a bad type",
      () =>
        as("admin", server)
          .post("/setup/v1/channels")
          .send({ channel_schema: { a: "flot" } })
          .expect(400),
    ],
    ["a bad filter", () => as("reader", server).get(`/api/v1/channels/${id}/rows?min[temperature]=warm`).expect(400)],
    ["a bad id", () => as("reader", server).get("/api/v1/channels/thermo-1").expect(400)],
    ["another id than that of the path", () => append({ channel_id: crypto.randomUUID(), rows: [{ temperature: 1 }] })],
    [
      "a malformed key",
      () =>
        as("writer", server)
          .post(`/data/v1/channels/${id}/rows`)
          .set("Idempotency-Key", '"')
          .send({ rows: [{ temperature: 1 }] }),
    ],
    [
      "a weak password",
      () =>
        as("admin", server).post("/rbac/v1/users").send({ email: "a@b.example", password: "aaaaaaaaaaaaaaa", role: "reader" }),
    ],
    ["a change that rows do not allow", () => patchWithRows()],
  ];

  async function patchWithRows() {
    await as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [{ temperature: 1 }] })
      .expect(200);
    return as("admin", server)
      .patch(`/setup/v1/channels/${id}`)
      .send({ channel_schema: { humidity: "float" } })
      .expect(409);
  }

  test.each(requests)("of %s", async (_what, send) => {
    const { body } = await send();
    const [fault] = body.errors;
    expect(fault).toBeDefined();
    expect(body.detail).toContain(fault?.detail);
    expect(body.detail).toContain(fault?.parameter ?? fault?.pointer);
  });

  test("and is short, however long a key of the body is", async () => {
    const { body } = await append({ rows: [{ ["k".repeat(100_000)]: 1, temperature: 1 }] });
    expect(body.detail.length).toBeLessThan(500);
    expect(body.errors[0].pointer.length).toBeLessThan(2_000);
  });
});

describe("a name where an id belongs", () => {
  test.each([
    ["reader", "/api/v1/channels/thermo-1", "/api/v1/channels?name=thermo-1"],
    ["reader", "/api/v1/channels/thermo-1/rows", "/api/v1/channels?name=thermo-1"],
    ["admin", "/setup/v1/channels/hall%2F2%20%26%20x/rows", "/setup/v1/channels?name=hall%2F2+%26+x"],
    ["admin", `/setup/v1/channels/${"x".repeat(36)}`, `/setup/v1/channels?name=${"x".repeat(36)}`],
    ["admin", "/rbac/v1/users/ada", "/rbac/v1/users?name=ada"],
  ] as const)("is told where the id is: %s %s", async (role, path, list) => {
    const { body } = await as(role, server).get(path).expect(400);
    expect(body.detail).toContain(`is no id, which is a UUID; if it is a name, ${list} has the id`);
    await as(role, server).get(list).expect(200);
  });

  test("leads to the channel", async () => {
    const { body } = await as("reader", server).get("/api/v1/channels/thermo-1").expect(400);
    const [path = ""] = /\/api\S+/.exec(body.detail) ?? [];
    const { body: found } = await as("reader", server).get(path).expect(200);
    expect(found).toMatchObject([{ channel_id: id }]);
  });

  test("in a body is told where names stand", async () => {
    const { body } = await append({ channel_id: "thermo-1", rows: [] }, "/data/v1/channels");
    expect(body.errors).toMatchObject([{ pointer: "/channel_id", detail: expect.stringContaining("a name stands in /name") }]);
  });

  test("in a list of ids is told what an id is", async () => {
    const { body } = await as("admin", server)
      .post("/setup/v1/channels/batch-delete")
      .send({ channel_ids: ["thermo-1"] })
      .expect(400);
    expect(body.errors).toMatchObject([
      { pointer: "/channel_ids/0", detail: expect.stringMatching(/^an id is a UUID, such as [0-9a-f-]{36}$/) },
    ]);
  });
});

describe("a bare list", () => {
  test.each(["/rows", ""])("as the body of an append is told how to wrap it (%s)", async (end) => {
    const { body } = await append([{ temperature: 1 }], `/data/v1/channels${end && `/${id}${end}`}`);
    expect(body.detail).toContain('the body: a bare list is not taken; send it as {"rows": […]}');
  });

  test("elsewhere is told that an object is needed", async () => {
    const { body } = await as("admin", server).post("/setup/v1/channels").send([]).expect(400);
    expect(body.detail).toContain("the body: expected an object, and it is a list");
  });
});

describe("a near name is guessed", () => {
  test.each([
    [
      "a member of a definition",
      "post",
      "/setup/v1/channels",
      { channel_schema: { a: "float" }, tag: {} },
      '/tag: there is no such member; did you mean "tags"?',
    ],
    [
      "a member that is needed",
      "post",
      "/setup/v1/channels",
      { chanel_schema: {} },
      '/channel_schema: it is missing; did you mean it by "chanel_schema"?',
    ],
    ["a member of an upsert", "post", "/data/v1/channels", { name: "x", row: [] }, '; did you mean "rows"?'],
    [
      "a member of members",
      "put",
      "/setup/v1/channels",
      { chanel_id: "x", channel_id: crypto.randomUUID() },
      '; did you mean "channel_id"?',
    ],
    [
      "a member of column_info",
      "post",
      "/setup/v1/channels",
      { channel_schema: { a: "float" }, column_info: { a: { units: "m" } } },
      '; did you mean "unit"?',
    ],
    [
      "a column of column_info",
      "post",
      "/setup/v1/channels",
      { channel_schema: { wind: "float" }, column_info: { wnd: {} } },
      '; did you mean "wind"?',
    ],
    ["a type", "post", "/setup/v1/channels", { channel_schema: { a: "sting" } }, '; did you mean "string"?'],
    [
      "a name that is far from all",
      "post",
      "/setup/v1/channels",
      { x: 1, channel_schema: { a: "float" } },
      "; there are channel_id, id, name",
    ],
  ] as const)("%s", async (_what, method, path, given, words) => {
    const { body } = await as("admin", server)[method](path).send(given).expect(400);
    expect(body.detail).toContain(words);
  });

  test.each([
    ["/api/v1/channel", "/api/v1/channels"],
    ["/api/v1/channels/", "/api/v1/channels"],
    ["/API/v1/channels", "/api/v1/channels"],
    ["/api/v1/chanels/x/rows", "/api/v1/channels/x/rows"],
    ["/health/raedy", "/health/ready"],
  ])("for the path %s", async (path, meant) => {
    const { body } = await anonymous(server).get(path).expect(404);
    expect(body.detail).toBe(`The contract has no path ${path}; did you mean "${meant}"?`);
  });

  test("is not guessed for a path that is far from all", async () => {
    const { body } = await anonymous(server)
      .get(`/${"/".repeat(10_000)}x`)
      .expect(404);
    expect(body.detail).toContain("/openapi.yaml lists them.");
  });
});

describe("a bad character is named", () => {
  test.each([
    [
      "in a name of a column",
      { channel_schema: { "PM#1": "float" } },
      '/channel_schema/PM#1: the name holds "#" (U+0023); a name has letters',
    ],
    [
      "in a key of metadata",
      { channel_schema: { a: "float" }, metadata: { "a:b": 1 } },
      '/metadata: a key has 1 to 256 characters, and none of them is ":"',
    ],
    [
      "in a key of tags",
      { channel_schema: { a: "float" }, tags: { "a:b": 1 } },
      '/tags: a key has 1 to 256 characters, and none of them is ":"',
    ],
  ])("%s", async (_what, given, words) => {
    const { body } = await as("admin", server).post("/setup/v1/channels").send(given).expect(400);
    expect(body.detail).toContain(words);
  });
});

describe("a credential of another form", () => {
  test.each([
    ["Basic", `Basic ${btoa("reader:secret")}`, "The scheme that was sent is Basic."],
    ["Token", `Token ${KEYS.reader}`, "The scheme that was sent is Token."],
    ["token=", `token=${KEYS.reader}`, "The scheme that was sent is token."],
    ["ApiKey", `ApiKey ${KEYS.reader}`, "The scheme that was sent is ApiKey."],
    ["no scheme", KEYS.reader, "What was sent does not begin with Bearer."],
    ["a word of a secret", "hunter2 is my password", "What was sent does not begin with Bearer."],
    ["quotes", `Bearer "${KEYS.reader}"`, "What follows Bearer is no key or token."],
    ["two blanks", `Bearer  ${KEYS.reader}`, "What follows Bearer is no key or token."],
    ["a colon", `Bearer: ${KEYS.reader}`, "What follows Bearer is no key or token."],
  ])("is told the form: %s", async (_what, header, found) => {
    const { body } = await anonymous(server).get("/api/v1/channels").set("Authorization", header).expect(401);
    expect(body).toMatchObject({
      code: "credential_invalid",
      detail: `The Authorization header has to be: Bearer <key>, with one blank and no quotes. ${found}`,
    });
  });
});
