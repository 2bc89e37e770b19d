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
        '2024-03-01T00:00:00.000000Z,0,"say ""hi"""',
        '2024-03-01T00:00:01.000000Z,1,"a,b"',
        '2024-03-01T00:00:02.000000Z,2,"line\nbreak"',
        '2024-03-01T00:00:03.000000Z,3,""',
        "2024-03-01T00:00:04.000000Z,4,",
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
    expect(text).toMatch(/^time,count,received_at\r\n2024-03-01T00:00:04\.000000Z,4,\d{4}-[^,]+\.\d{6}Z\r\n$/);
  });
});

describe("the Accept header", () => {
  const accepting = (accept: string, query = "") => exportRows(query).set("Accept", accept);

  test.each(["application/ndjson", "application/ndjson, text/csv;q=0.5", "application/ndjson, application/x-ndjson;q=0.5"])(
    "gets NDJSON by its other name: %s",
    async (accept) => {
      for (const query of ["", "?format=ndjson"]) {
        const { headers, text } = await accepting(accept, query).expect(200);
        expect(headers["content-type"]).toBe("application/ndjson; charset=utf-8");
        expect(text).toBe((await exportRows("").expect(200)).text);
      }
    },
  );

  test("is refused by both names of NDJSON when it takes neither", async () => {
    const { body } = await accepting("text/csv", "?format=ndjson").expect(406);
    expect(body.detail).toBe(
      "format=ndjson is application/x-ndjson or application/ndjson, which the Accept header does not allow.",
    );
  });

  test.each([
    ["text/csv", "text/csv"],
    ["application/x-ndjson", "application/x-ndjson"],
    ["*/*", "application/x-ndjson"],
    ["text/*", "text/csv"],
    ["text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/x-ndjson"],
    ["text/csv, application/x-ndjson", "text/csv"],
    ["text/csv;q=0.5, application/x-ndjson", "application/x-ndjson"],
    ["text/csv;q=0.9, application/x-ndjson;q=0.8", "text/csv"],
    ["application/x-ndjson;q=0, */*", "text/csv"],
    ["text/csv, application/problem+json", "text/csv"],
  ])("%s gets %s when no format is given", async (accept, type) => {
    const { headers } = await accepting(accept).expect(200);
    expect(headers["content-type"]).toBe(`${type}; charset=utf-8`);
  });

  test.each([
    ["text/csv, */*;q=0.1", "ndjson", "application/x-ndjson"],
    ["application/x-ndjson, text/csv;q=0.1", "csv", "text/csv"],
  ])("%s leaves the choice to format=%s", async (accept, format, type) => {
    const { headers } = await accepting(accept, `?format=${format}`).expect(200);
    expect(headers["content-type"]).toBe(`${type}; charset=utf-8`);
  });

  test.each([
    ["text/csv", "ndjson"],
    ["application/x-ndjson", "csv"],
    ["text/csv;q=0, */*", "csv"],
  ])("%s contradicts format=%s, which is 406", async (accept, format) => {
    const { body, headers } = await accepting(accept, `?format=${format}`).expect(406);
    expect(body).toMatchObject({ code: "not_acceptable", detail: expect.stringContaining(format) });
    expect(headers).not.toHaveProperty("content-disposition");
  });
});

describe("HEAD", () => {
  const head = (query: string) => as("reader", server).head(`/api/v1/channels/${id}/rows/export${query}`);

  test.each(["ndjson", "csv"])("has the headers of GET as %s, and reads no row", async (format) => {
    const { headers: got } = await exportRows(`?format=${format}`).expect(200);
    const countRead = () => server.context.metrics.registry.getSingleMetricAsString("kronicle_rows_read_total");
    const before = await countRead();
    const { headers } = await head(`?format=${format}`).expect(200);
    for (const name of ["content-type", "content-disposition"]) expect(headers[name]).toBe(got[name]);
    expect(await countRead()).toBe(before);
  });

  test("is refused where GET is", async () => {
    await head("?columns=wind").expect(400);
    await as("reader", server).head(`/api/v1/channels/${crypto.randomUUID()}/rows/export`).expect(404);
  });
});

test("as CSV has times of one width in every column, whether or not they have a fraction", async () => {
  const times = ["2024-03-01T00:00:00Z", "2024-03-01T00:00:00.5Z", "2024-03-01T00:00:01.000001Z"];
  const rows = times.map((time) => ({ time, seen: time }));
  const fields = { name: "widths", channel_schema: { seen: "datetime" }, rows };
  const { body } = await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
  const { text } = await exportRows("?format=csv&sort=time&skip_received=false", body.channel_id).expect(200);
  const [, ...lines] = text.trimEnd().split("\r\n");
  const wide = times.map((time) => time.replace(/(?:\.(\d+))?Z/, (_all, digits = "") => `.${digits.padEnd(6, "0")}Z`));
  expect(lines.map((line) => line.split(",").slice(0, 2))).toEqual(wide.map((time) => [time, time]));
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
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
