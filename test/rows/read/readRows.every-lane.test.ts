import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

/** Each lane has the same reads: they are proved one by one on the reader's, and here to be the same on the others. */
const LANES = [
  ["writer", "/data/v1/channels"],
  ["admin", "/setup/v1/channels"],
] as const;

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const rows = Array.from({ length: 5 }, (_, minute) => ({ time: `2024-03-01T00:0${minute}:00Z`, minute }));
  const fields = { name: "thermo-1", channel_schema: { minute: "int" }, tags: { room: "lab" }, rows };
  const { body } = await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
  id = body.channel_id;
  await as("writer", server)
    .post("/data/v1/channels")
    .send({ name: "other", channel_schema: { a: "str" } })
    .expect(201);
});

/** What the path of an answer is part of, apart from its lane. */
function withoutLane(text: string): string {
  return text.replaceAll(/\/(api|data|setup)\/v1/g, "");
}

describe.each(LANES)("the %s lane", (lane, base) => {
  const read = (path: string) => as(lane, server).get(`${base}${path}`).buffer();

  test.each([
    ["", {}],
    ["?limit=1", {}],
    ["?tags=room:lab&name=thermo-1", {}],
    ["/{id}", {}],
    ["/{id}/rows", {}],
    ["/{id}/rows?sort=time&limit=2&min[minute]=1&columns=minute", {}],
    ["/{id}/columns?limit=2", {}],
    ["/{id}/rows/export?sort=time", {}],
    ["/{id}/rows/export?format=csv&offset=1", { Accept: "text/csv" }],
  ])("answers 200 to %s like the reader's", async (template, headers) => {
    const path = template.replace("{id}", id);
    const { text: wanted, headers: wantedHeaders } = await as("reader", server)
      .get(`/api/v1/channels${path}`)
      .set(headers)
      .buffer()
      .expect(200);
    const { text, headers: given } = await read(path).set(headers).expect(200);
    expect(text).toBe(wanted);
    expect(text.length).toBeGreaterThan(2);
    for (const name of ["content-type", "content-disposition", "etag"]) expect(given[name]).toBe(wantedHeaders[name]);
    expect(withoutLane(given["link"] ?? "")).toBe(withoutLane(wantedHeaders["link"] ?? ""));
  });

  test("leads from page to page within the lane", async () => {
    const { headers } = await read("?limit=1").expect(200);
    const next = /^<([^>]+)>; rel="next"$/.exec(headers["link"] ?? "")?.[1] ?? "";
    expect(next.startsWith(`${base}?`)).toBe(true);
    const { body } = await as(lane, server).get(next).expect(200);
    expect(body).toMatchObject([{ name: "other" }]);
  });

  test.each([
    ["", "?page=1"],
    ["/{id}", "?page=1"],
    ["/{id}/rows", "?page=1"],
    ["/{id}/columns", "?page=1"],
    ["/{id}/rows/export", "?page=1"],
    ["/{id}/rows", "?min[wind]=1"],
    ["/{id}/columns", "?sort=wind"],
    ["/{id}/rows/export", "?columns=wind"],
  ])("answers 400 to %s%s", async (template, query) => {
    const { body } = await read(template.replace("{id}", id) + query).expect(400);
    expect(body.code).toBeOneOf(["request_invalid", "query_invalid"]);
    expect(body.errors).toHaveLength(1);
  });

  test.each(["", "/rows", "/columns", "/rows/export"])("answers 404 to an unknown channel%s", async (path) => {
    const { body } = await read(`/33333333-0000-4000-8000-000000000000${path}`).expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});
