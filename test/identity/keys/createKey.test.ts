import { describe, expect, test } from "vitest";
import { anonymous, as } from "../../support/http.ts";
import { sealKey } from "../../support/identity.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

function createKey(fields: object) {
  return as("admin", server).post("/auth/v1/keys").send(fields);
}

/** What each lane answers to the key; the bodies are chosen so that none of them changes anything. */
async function knock(key: string) {
  const bearer = { Authorization: `Bearer ${key}` };
  const { status: reader } = await anonymous(server).get("/api/v1/channels").set(bearer);
  const { status: writer } = await anonymous(server).post("/data/v1/channels").set(bearer).send({});
  const { status: admin } = await anonymous(server).post("/setup/v1/channels").set(bearer).send({});
  const { status: auth } = await anonymous(server).post("/auth/v1/keys").set(bearer).send({});
  return { reader, writer, admin, auth };
}

const NOBODY = { reader: 401, writer: 401, admin: 401, auth: 401 };

describe("201", () => {
  test.each([
    ["reader", { reader: 200, writer: 403, admin: 403, auth: 403 }],
    ["writer", { reader: 200, writer: 400, admin: 403, auth: 403 }],
    ["admin", { reader: 200, writer: 400, admin: 400, auth: 400 }],
  ])("makes a %s key that works at once, on its lane and the lower ones only", async (lane, statuses) => {
    const { body } = await createKey({ lane, label: "gateway in the attic" }).expect(201);

    expect(body).toEqual({
      key_id: expect.stringMatching(/^[0-9A-Za-z]{12}$/),
      lane,
      label: "gateway in the attic",
      channels: null,
      tags: null,
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
      key: expect.stringMatching(new RegExp(`^krn_${lane}_${body.key_id}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$`)),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/),
    });
    expect(await knock(body.key)).toEqual(statuses);
  });

  test("needs no label", async () => {
    const { body } = await createKey({ lane: "reader" }).expect(201);
    expect(body.label).toBeNull();
  });

  test("makes another key each time", async () => {
    const { body: first } = await createKey({ lane: "reader", label: "twin" }).expect(201);
    const { body: second } = await createKey({ lane: "reader", label: "twin" }).expect(201);
    expect(second.key_id).not.toBe(first.key_id);
    expect(second.key).not.toBe(first.key);
  });

  test("makes a key that is not taken with a single character changed", async () => {
    const { body } = await createKey({ lane: "admin" }).expect(201);
    const key: string = body.key;
    for (const index of [4, 12, 26, key.length - 1]) {
      const changed = key.slice(0, index) + (key[index] === "x" ? "y" : "x") + key.slice(index + 1);
      expect(await knock(changed)).toEqual(NOBODY);
    }
    expect(await knock(`${key}x`)).toEqual(NOBODY);
    expect(await knock(key.toLowerCase())).toEqual(NOBODY);
    expect(await knock(key)).toEqual({ reader: 200, writer: 400, admin: 400, auth: 400 });
  });
});

describe("a key that is made up from a real one", () => {
  test("is not taken on another lane, with another secret, or with the secret of another", async () => {
    const { body: reader } = await createKey({ lane: "reader" }).expect(201);
    const { body: admin } = await createKey({ lane: "admin" }).expect(201);
    const [, , id, secret] = reader.key.split("_");
    const [, , adminId, adminSecret] = admin.key.split("_");

    // Sealed right: the key itself, taken apart and put together again, does work.
    expect(await knock(sealKey(`krn_reader_${id}_${secret}`))).toMatchObject({ reader: 200 });
    expect(await knock(sealKey(`krn_admin_${id}_${secret}`))).toEqual(NOBODY);
    expect(await knock(sealKey(`krn_reader_${adminId}_${adminSecret}`))).toEqual(NOBODY);
    expect(await knock(sealKey(`krn_admin_${adminId}_${secret}`))).toEqual(NOBODY);
    expect(await knock(sealKey(`krn_reader_${id}_${"0".repeat(43)}`))).toEqual(NOBODY);
  });
});

describe("400", () => {
  test.each([
    ["no lane", {}, "/lane"],
    ["an unknown lane", { lane: "owner" }, "/lane"],
    ["a lane in another case", { lane: "Reader" }, "/lane"],
    ["a list of lanes", { lane: ["reader"] }, "/lane"],
    ["an empty label", { lane: "reader", label: "" }, "/label"],
    ["a label of 257 characters", { lane: "reader", label: "x".repeat(257) }, "/label"],
    ["a label with a line break", { lane: "reader", label: "a\nb" }, "/label"],
    ["a label with a C1 control", { lane: "reader", label: "a\u009b2J" }, "/label"],
    ["no channels at all", { lane: "reader", channels: null }, "/channels"],
    ["no tags at all", { lane: "reader", tags: null }, "/tags"],
    ["a tag with a C1 control", { lane: "reader", tags: ["a\u009b"] }, "/tags/0"],
    ["a label with NUL", { lane: "reader", label: "a\0" }, "/label"],
    ["a label with a lone surrogate", { lane: "reader", label: "a\ud800" }, "/label"],
    ["an unknown field", { lane: "reader", secret: "mine" }, "/secret"],
    ["an expiry in the past", { lane: "reader", expires_at: "2020-01-01T00:00:00Z" }, "/expires_at"],
    ["an expiry without an offset", { lane: "reader", expires_at: "2999-01-01T00:00:00" }, "/expires_at"],
    ["an admin who is limited", { lane: "admin", channels: ["6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"] }, "/channels"],
    ["a writer who is limited by tags", { lane: "writer", tags: ["room:lab"] }, "/tags"],
    ["a tag with a lone surrogate", { lane: "reader", tags: ["a\ud800"] }, "/tags/0"],
  ])("refuses %s", async (_what, fields, pointer) => {
    const { body } = await createKey(fields).expect(400);
    expect(body).toMatchObject({ status: 400, errors: [{ pointer }] });
  });
});

describe("415", () => {
  test("refuses another media type", async () => {
    const { body } = await as("admin", server).post("/auth/v1/keys").type("form").send("lane=reader").expect(415);
    expect(body).toMatchObject({ code: "media_type_unsupported" });
  });
});
