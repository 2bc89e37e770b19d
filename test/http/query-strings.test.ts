import { request } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { createChannel, appendRows } from "../support/channels.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { as } from "../support/http.ts";

const server = useTestServer();
let id: string;
beforeAll(async () => {
  const channel_schema = { number: "int", temperature: "float", note: "optional[str]", labels: "optional[list]" };
  id = await createChannel(server, { channel_schema, tags: { room: "lab" } });
  const rows = [1, 2, 3].map((number) => ({ number, temperature: number, note: `n${number}\u{fffd}`, labels: [number] }));
  await appendRows(server, id, rows);
});

type Refusal = { status: number | undefined; parameter: unknown; detail: unknown };

/** Sends the query string as it is: other clients would mend it first. */
async function refusal(method: string, path: string, query: string): Promise<Refusal> {
  const { promise, resolve, reject } = Promise.withResolvers<Refusal>();
  const headers = { Authorization: `Bearer ${KEYS.admin}` };
  request(`${server.url}/`, { method, path: `${path}?${query}`, headers }, async (response) => {
    const chunks: Buffer[] = await response.toArray();
    const { errors = [] } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    resolve({ status: response.statusCode, parameter: errors[0]?.parameter, detail: errors[0]?.detail });
  })
    .on("error", reject)
    .end();
  return promise;
}

/** Whatever selects rows: what is ignored here would show, export or delete more than was asked for. */
const SELECTIONS = [
  ["GET", "/rows"],
  ["GET", "/columns"],
  ["GET", "/rows/export"],
  ["DELETE", "/rows"],
] as const;

describe.each(SELECTIONS)("%s %s refuses", (method, path) => {
  test.each([
    ["col[nubmer]=1", "col[nubmer]", 'the channel has no column "nubmer"; did you mean "number"?'],
    ["min[Temperature]=1", "min[Temperature]", 'did you mean "temperature"?'],
    ["cols[number]=1", "cols[number]", 'there is no such parameter; did you mean "col"?'],
    ["number=1", "number", "there is no such parameter; there are "],
    ["frm=2024-03-01T00:00:00Z", "frm", 'did you mean "from"?'],
    ["from=yesterday", "from", "expected RFC 3339 with an offset, such as 2024-03-01T00:00:00Z"],
    ["to=2024-03-01", "to", "expected RFC 3339 with an offset, such as 2024-03-01T00:00:00Z"],
    ["from=2024-03-01T00:00:00+02:00", "from", "write the + of an offset as %2B"],
    ["to=2024-03-01T00:00:00Z&to=2025-03-01T00:00:00Z", "to", "it stands twice"],
    ["null[note]=true&null[note]=true", "null[note]", "it stands twice"],
    ["min[note]=a", "min[note]", "needs a number or a datetime; note is str"],
    ["has[note]=a", "has[note]", "needs a list; note is str"],
    ["col[labels]=1", "col[labels]", "use has[labels]"],
    ["any[number]=1,two", "any[number]", "expected an integer"],
    ["col[number][a]=1", "col[number][a]", 'no column "number][a"'],
    ["col%5Bnote%5D=%FF", "col%5Bnote%5D", "it is not percent-encoded UTF-8"],
    ["col[note]=n1%ED%A0%80", "col[note]", "it is not percent-encoded UTF-8"],
    ["col[note]=100%", "col[note]", "write % as %25"],
    ["__proto__[number]=1", "__proto__[number]", "there is no such parameter"],
    ["=1", "", "there is no such parameter"],
  ])("%s, and says what was meant", async (query, parameter, detail) => {
    expect(await refusal(method, `/setup/v1/channels/${id}${path}`, query)).toEqual({
      status: 400,
      parameter,
      detail: expect.stringContaining(detail),
    });
  });
});

test("bytes that nobody encoded are refused", async () => {
  expect(await refusal("GET", `/setup/v1/channels/${id}/rows`, "col[note]=n1\u00ef\u00bf\u00bd")).toMatchObject({ status: 400 });
});

describe("a list of channels refuses", () => {
  test.each([
    ["tag=room:lab", "tag", 'did you mean "tags"?'],
    ["room=lab", "room", "there are name, tags, metadata, limit, cursor"],
    ["tags[room]=lab", "tags[room]", "tags takes no brackets"],
    ["tags=room&tags=:lab", "tags", "must match pattern"],
    ["name=a&name=b", "name", "it stands twice"],
    ["name=%00", "name", "text may hold neither NUL nor lone surrogates"],
  ])("%s, and says what was meant", async (query, parameter, detail) => {
    expect(await refusal("GET", "/setup/v1/channels", query)).toEqual({
      status: 400,
      parameter,
      detail: expect.stringContaining(detail),
    });
  });
});

test("no refusal has deleted a row", async () => {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
  expect(body.available_rows).toBe(3);
});
