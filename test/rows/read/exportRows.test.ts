import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const NOTES = ['say "hi"', "a,b", "line\nbreak", "", null];

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const rows = NOTES.map((note, index) => ({ time: `2024-03-01T00:00:0${index}Z`, count: index, note }));
  const fields = { name: "thermo/1 ü", channel_schema: { count: "int", note: "optional[str]" }, rows };
  const { body } = await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
  id = body.channel_id;
});

function exportRows(query: string, channelId = id) {
  return as("reader", server).get(`/api/v1/channels/${channelId}/rows/export${query}`).buffer();
}

describe("200", () => {
  test("is NDJSON: a row a line, as readRows writes it, newest first", async () => {
    const { text, headers } = await exportRows("").expect(200);
    const { body: page } = await as("reader", server).get(`/api/v1/channels/${id}/rows`).expect(200);
    expect(text).toBe(page.rows.map((row: object) => `${JSON.stringify(row)}\n`).join(""));
    expect(headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    expect(headers["content-disposition"]).toBe(
      `attachment; filename="thermo_1__.ndjson"; filename*=UTF-8''thermo%2F1%20%C3%BC.ndjson`,
    );
  });

  test("is CSV by format: a header line, and text in quotes, so that none and an empty one differ", async () => {
    const { text, headers } = await exportRows("?format=csv&sort=time").expect(200);
    expect(text).toBe(
      [
        "time,count,note",
        '2024-03-01T00:00:00Z,0,"say ""hi"""',
        '2024-03-01T00:00:01Z,1,"a,b"',
        '2024-03-01T00:00:02Z,2,"line\nbreak"',
        '2024-03-01T00:00:03Z,3,""',
        "2024-03-01T00:00:04Z,4,",
        "",
      ].join("\r\n"),
    );
    expect(headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(headers["content-disposition"]).toContain('filename="thermo_1__.csv"');
  });

  test.each([
    ["?limit=2", [4, 3]],
    ["?sort=time&limit=2&offset=1", [1, 2]],
    ["?min[count]=2&max[count]=3", [3, 2]],
    ["?null[note]=true", [4]],
    ["?from=2024-03-01T00:00:01Z&to=2024-03-01T00:00:03Z&sort=time", [1, 2]],
    ["?to=2000-01-01T00:00:00Z", []],
  ])("takes the selection %s", async (query, counts) => {
    const { text } = await exportRows(query).expect(200);
    const rows = text.split("\n").filter((line) => line !== "");
    expect(rows.map((line) => JSON.parse(line).count)).toEqual(counts);
  });

  test("has the columns that are asked for, and the time of arrival", async () => {
    const { text } = await exportRows("?format=csv&columns=count&skip_received=false&limit=1").expect(200);
    expect(text).toMatch(/^time,count,received_at\r\n2024-03-01T00:00:04Z,4,\d{4}-[^,]+Z\r\n$/);
  });
});

describe("400", () => {
  test.each([
    ["?format=xml", "format"],
    ["?columns=wind", "columns"],
    ["?sort=wind", "sort"],
    ["?min[note]=1", "min[note]"],
    ["?limit=0", "limit"],
    ["?cursor=x", "cursor"],
    ["?page=1", "page"],
  ])("refuses %s", async (query, parameter) => {
    const { body, headers } = await exportRows(query).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter }] });
    expect(headers).not.toHaveProperty("content-disposition");
  });
});

describe("404", () => {
  test("knows no such channel", async () => {
    const { body } = await exportRows("", "33333333-0000-4000-8000-000000000000").expect(404);
    expect(body).toMatchObject({ code: "channel_not_found" });
  });
});
