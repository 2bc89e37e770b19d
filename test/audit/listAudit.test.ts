import { beforeAll, describe, expect, test } from "vitest";
import { packCursor } from "../../server/src/formats/cursor.ts";
import { as } from "../support/http.ts";
import { createKey } from "../support/identity.ts";
import { walkPages } from "../support/pages.ts";
import { useTestServer } from "../support/use-test-server.ts";

type Entry = { id: string; at: string; action: string; target: string; request_id: string };

const server = useTestServer();
let keys: { key_id: string }[];
beforeAll(async () => {
  keys = [];
  for (let count = 0; count < 5; count++) keys.push(await createKey(server, { lane: "reader" }));
  await as("admin", server).delete(`/auth/v1/keys/${keys[0]?.key_id}`).set("X-Request-Id", "the-revocation").expect(200);
});

const list = (query: Record<string, string> = {}) => as("admin", server).get("/rbac/v1/audit").query(query);

// Which actions are written down, and how: test/audit/audit-trail.test.ts.
describe("200", () => {
  test("shows who did what, when, and by which request, newest first", async () => {
    const { body } = await list().expect(200);
    expect(body[0]).toEqual({
      id: expect.stringMatching(/^\d+$/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/),
      actor: "static-admin",
      action: "key_revoked",
      target: keys[0]?.key_id,
      request_id: "the-revocation",
      times: 1,
      details: {},
    });
    const created = body.slice(1).map(({ target }: Entry) => target);
    expect(created).toEqual(keys.map(({ key_id }) => key_id).toReversed());
  });

  test("finds by actor, action, target and time", async () => {
    const { body: all }: { body: Entry[] } = await list().expect(200);
    const idsOf = async (query: Record<string, string>) => {
      const { body }: { body: Entry[] } = await list(query).expect(200);
      return body.map(({ id }) => id);
    };
    const idsWhere = (chosen: (entry: Entry) => boolean) => all.filter(chosen).map(({ id }) => id);
    const middle = all[2]?.at ?? "";

    expect(await idsOf({ actor: "static-admin" })).toEqual(idsWhere(() => true));
    expect(await idsOf({ actor: "static-reader" })).toEqual([]);
    expect(await idsOf({ action: "key_created" })).toEqual(idsWhere(({ action }) => action === "key_created"));
    const target = keys[0]?.key_id ?? "";
    expect(await idsOf({ target })).toEqual(idsWhere((entry) => entry.target === target));
    expect(await idsOf({ target, action: "key_revoked" })).toHaveLength(1);
    expect(await idsOf({ from: middle })).toEqual(idsWhere(({ at }) => Date.parse(at) >= Date.parse(middle)));
    expect(await idsOf({ to: middle })).toEqual(idsWhere(({ at }) => Date.parse(at) < Date.parse(middle)));
    expect(await idsOf({ from: "2999-01-01T00:00:00+02:00" })).toEqual([]);
    expect(await idsOf({ action: "%" })).toEqual([]);
    // A space as a form writes it, and a time whose colons nobody has encoded.
    await as("admin", server).get("/rbac/v1/audit?action=a+b&target=%E0%B8%81+&from=2999-01-01T00:00:00Z").expect(200, []);
  });

  test("comes page by page, each entry once, whatever is added meanwhile", async () => {
    const { body: all }: { body: Entry[] } = await list().expect(200);
    const pages = await walkPages<Entry>(server, "/rbac/v1/audit?limit=2&action=key_created");
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(all.filter(({ action }) => action === "key_created"));
  });
});

describe("400", () => {
  const made = (position: unknown) => packCursor(position, ["/rbac/v1/audit", {}]);

  test.each<[string, Record<string, string>]>([
    ["a time that is none", { from: "yesterday" }],
    ["a time without an offset", { to: "2024-03-01T00:00:00" }],
    ["an actor with NUL", { actor: "a\0" }],
    ["an empty target", { target: "" }],
    ["an unknown parameter", { user: "ada" }],
    ["a limit of 0", { limit: "0" }],
    ["a cursor that is none", { cursor: "abc" }],
    ["a made-up cursor beyond all numbers", { cursor: made("9999999999999999999") }],
    ["a made-up cursor of text", { cursor: made("1; drop table kronicle.audit_entry") }],
  ])("refuses %s", async (_what, query) => {
    await list(query).expect(400);
  });

  test("refuses a cursor of another query", async () => {
    const { headers } = await list({ limit: "1" }).expect(200);
    const cursor = new URL(/^<([^>]+)>/.exec(String(headers["link"]))?.[1] ?? "", server.url).searchParams.get("cursor") ?? "";
    await list({ cursor, limit: "2" }).expect(200);
    await list({ cursor, action: "key_created" }).expect(400);
  });
});
