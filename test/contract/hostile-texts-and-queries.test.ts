/** The fifteen nastiest inputs, 11 to 15: text, names, width, queries, keys and credentials. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { as } from "../support/http.ts";
import { openRawConnection } from "../support/raw-connection.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

const server = useTestServer();

type Schema = Record<string, string>;

function create(channel_schema: Schema) {
  return as("admin", server).post("/setup/v1/channels").send({ channel_schema });
}

async function createChannel(channel_schema: Schema): Promise<string> {
  const { body } = await create(channel_schema).expect(201);
  return body.channel_id;
}

async function post(id: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/data/v1/channels/${id}/rows`, {
    method: "POST",
    headers: { Authorization: `Bearer ${KEYS.writer}`, "Content-Type": "application/json", ...headers },
    body,
  });
  return { status: response.status, replayed: response.headers.get("Idempotency-Replayed"), body: await response.json() };
}

function read(id: string, query: string) {
  return as("reader", server).get(`/api/v1/channels/${id}/rows?${query}`);
}

async function countRows(id: string): Promise<number> {
  const { body } = await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);
  return body.available_rows;
}

const columnsOf = (count: number, type = "float"): Schema =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`column ${index}`, type]));

describe("11. text that is none", () => {
  const bytes = (...parts: (string | number[])[]) =>
    new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part)))));

  test.each([
    ["NUL in text", String.raw`{"note":"a\u0000b"}`, "/rows/0/note"],
    ["NUL in a document", String.raw`{"note":"","document":{"a":["\u0000"]}}`, "/rows/0/document"],
    ["NUL in a key of a document", String.raw`{"note":"","document":{"\u0000":1}}`, "/rows/0/document"],
    ["half of a surrogate pair", String.raw`{"note":"a\ud83d"}`, "/rows/0/note"],
    ["a surrogate pair the wrong way round", String.raw`{"note":"\udf21\ud83c"}`, "/rows/0/note"],
    ["half of a surrogate pair in a document", String.raw`{"note":"","document":{"\udfff":1}}`, "/rows/0/document"],
  ])("refuses %s, with the row and the column", async (_what, row, pointer) => {
    const id = await createChannel({ note: "str", document: "optional[dict]" });
    const good = '{"note":"good"}';
    expect(await post(id, `{"rows":[${row},${good}]}`)).toMatchObject({
      status: 400,
      body: { code: "row_invalid", errors: [{ pointer, code: "not_storable" }] },
    });
    // One bad row does not undo the others when that was asked for.
    const { body } = await as("writer", server)
      .post(`/data/v1/channels/${id}/rows?strict=false`)
      .type("json")
      .send(`{"rows":[${row},${good}]}`)
      .expect(200);
    expect(body).toMatchObject({
      op_status: "warning",
      op_details: { inserted_rows: 1, rejected_rows: 1, details: [{ subfield: pointer }] },
    });
  });

  test.each<[string, Uint8Array<ArrayBuffer>]>([
    ["a byte that begins nothing", bytes('{"rows":[{"note":"', [0xff], '"}]}')],
    ["a character cut off", bytes('{"rows":[{"note":"', [0xe2, 0x82], '"}]}')],
    ["a NUL written too long", bytes('{"rows":[{"note":"', [0xc0, 0x80], '"}]}')],
    ["a slash written too long", bytes('{"rows":[{"note":"', [0xe0, 0x80, 0xaf], '"}]}')],
    ["half of a surrogate pair in bytes", bytes('{"rows":[{"note":"', [0xed, 0xa0, 0x80], '"}]}')],
    ["a character beyond Unicode", bytes('{"rows":[{"note":"', [0xf4, 0x90, 0x80, 0x80], '"}]}')],
    ["latin1", bytes('{"rows":[{"note":"', [0xe9], '"}]}')],
  ])("refuses %s, in JSON, NDJSON and CSV", async (_what, json) => {
    const id = await createChannel({ note: "str" });
    const text = Buffer.from(json);
    const row = new Uint8Array(text.subarray(text.indexOf("{", 1), text.lastIndexOf("]")));
    const csv = bytes('note\r\n"', [...text.subarray(18, -4)], '"\r\n');
    const errors = [{ code: "not_utf8" }];
    expect(await post(id, json)).toMatchObject({ status: 400, body: { code: "body_malformed", errors } });
    expect(await post(id, row, { "Content-Type": "application/x-ndjson" })).toMatchObject({ status: 400, body: { errors } });
    expect(await post(id, csv, { "Content-Type": "text/csv" })).toMatchObject({ status: 400, body: { errors } });
    expect(await countRows(id)).toBe(0);
  });

  test.each([
    ["application/json", '\u{feff}{"rows":[{"note":"a"}]}'],
    ["application/x-ndjson", '\u{feff}{"note":"a"}\n'],
    ["text/csv", "\u{feff}note\r\na\r\n"],
    ["application/json", Buffer.from('{"rows":[{"note":"a"}]}', "utf16le").toString("latin1")],
  ])("refuses a byte order mark or UTF-16 as %s", async (type, text) => {
    const id = await createChannel({ note: "str" });
    expect(await post(id, text, { "Content-Type": type })).toMatchObject({ status: 400, body: { code: "body_malformed" } });
  });

  test("refuses them in names, labels and queries", async () => {
    for (const [field, pointer] of [
      [String.raw`"name":"a\u0000"`, "/name"],
      [String.raw`"metadata":{"a":"\ud800"}`, "/metadata/a"],
      [String.raw`"tags":{"a\u0000":1}`, "/tags/a\0"],
      [String.raw`"column_info":{"note":{"description":"\u0000"}}`, "/column_info/note"],
    ]) {
      const { body } = await as("admin", server)
        .post("/setup/v1/channels")
        .type("json")
        .send(`{"channel_schema":{"note":"str"},${field}}`)
        .expect(400);
      expect(body.errors).toMatchObject([{ pointer }]);
    }
    const id = await createChannel({ note: "str" });
    for (const query of ["col[note]=%00", "any[note]=a,%00", "col[note]=%ED%A0%80", "col[%00]=a", "sort=%00", "columns=%00"]) {
      await read(id, query).expect(400);
    }
  });

  test("keeps everything else as it is, U+FFFD and unpaired marks among it", async () => {
    const texts = [
      "\u{fffd}",
      "\u{feff}",
      "\u{200f}abc",
      "e\u{301}",
      "\u{e9}",
      "\u{10ffff}",
      "\u{1f468}\u{200d}\u{1f469}",
      "\u{1}\u{7f}",
    ];
    const id = await createChannel({ note: "str" });
    const rows = texts.map((note, index) => ({ time: `2024-03-01T00:00:0${index}Z`, note }));
    expect(await post(id, JSON.stringify({ rows }))).toMatchObject({ status: 200 });
    const { body } = await read(id, "sort=time").expect(200);
    expect(body.rows).toEqual(rows);
  });
});

describe("12. names", () => {
  test.each([
    ["a quote", '"'],
    ["a semicolon", "a; drop table kronicle.channel"],
    ["a line break", "a\nb"],
    ["a mark that turns the writing round", "a\u{200f}b"],
    ["an override of the direction", "a\u{202e}b"],
    ["a joiner", "a\u{200d}b"],
    ["a space without width", "a\u{200b}b"],
    ["half of a surrogate pair", "a\u{d800}"],
    ["an emoji", "🌡"],
    ["a combining letter that has a form of its own", "cafe\u{301}"],
    ["a minus in front", "-a"],
    ["a comma", "a,b"],
    ["a dot", "a.b"],
    ["brackets", "a[b]"],
    ["nothing", ""],
    ["129 characters", "a".repeat(129)],
    ["received_at in another case", "Received_At"],
  ])("refuses one with %s", async (_what, name) => {
    const { body } = await create({ value: "float", [name]: "float" }).expect(400);
    expect(["request_invalid", "schema_invalid"]).toContain(body.code);
    expect(body.errors[0].pointer).toMatch(/^\/channel_schema/);
  });

  test.each([
    ["in case", "Temperature", "temperature"],
    ["in the case of other scripts", "ΟΔΟΣ", "οδος"],
    ["in a sign that folds to a letter", "\u{17f}", "s"],
    ["in micro and mu", "\u{b5}m", "\u{3bc}m"],
  ])("refuses two that differ only %s", async (_what, name, twin) => {
    const { body } = await create({ [name]: "float", [twin]: "float" }).expect(400);
    expect(body).toMatchObject({ code: "schema_invalid", errors: [{ pointer: `/channel_schema/${twin}` }] });
  });

  test("takes what an SQL identifier could not be, and tells every one apart", async () => {
    const long = "x".repeat(63);
    const names = [
      ..."select from end all user order row_id _row _channel float8_1 s p n k0 % ° a/b (a) a-b".split(" "),
      "a b",
      "100 %",
      // The same in their first 63 characters, and in their first 63 bytes.
      `${long}a`,
      `${long}b`,
      `${"温".repeat(22)}a`,
      `${"温".repeat(22)}b`,
      // A Latin, a Cyrillic and a Greek letter that look alike.
      "a",
      "а",
      "α",
    ];
    const id = await createChannel(Object.fromEntries(names.map((name) => [name, "int"])));
    const row = Object.fromEntries(names.map((name, index) => [name, index]));
    expect(await post(id, JSON.stringify({ rows: [{ time: "2024-03-01T00:00:00Z", ...row }] }))).toMatchObject({ status: 200 });
    for (const [index, name] of names.entries()) {
      const query = new URLSearchParams({ [`col[${name}]`]: String(index), columns: name, sort: `-${name}` });
      const { body } = await read(id, query.toString()).expect(200);
      expect(body.rows).toEqual([{ time: "2024-03-01T00:00:00Z", [name]: index }]);
    }
  });
});

describe("13. width", () => {
  test.each([257, 1_100, 1_601])("refuses %i columns", async (count) => {
    const { body } = await create(columnsOf(count)).expect(400);
    expect(body.errors[0].pointer).toBe("/channel_schema");
  });

  test("refuses the 257th that is added later", async () => {
    const id = await createChannel(columnsOf(255));
    expect(
      await post(id, JSON.stringify({ rows: [Object.fromEntries(Object.keys(columnsOf(255)).map((name) => [name, 1]))] })),
    ).toMatchObject({
      status: 200,
    });
    const add = (name: string) =>
      as("admin", server)
        .patch(`/setup/v1/channels/${id}`)
        .send({ channel_schema: { [name]: "optional[float]" } });
    await add("the 256th").expect(200);
    const { body } = await add("the 257th").expect(409);
    expect(body).toMatchObject({
      code: "schema_conflict",
      errors: [{ pointer: "/channel_schema/the 257th", code: "too_many_columns" }],
    });
  });

  test("takes 256 columns with a filter on each, sorted by 32 of them", async () => {
    const names = Object.keys(columnsOf(256));
    const id = await createChannel(columnsOf(256));
    const row = Object.fromEntries(names.map((name, index) => [name, index / 8]));
    expect(await post(id, JSON.stringify({ rows: [row, row] }))).toMatchObject({ status: 200 });
    const query = new URLSearchParams({ columns: names.join(","), sort: names.slice(0, 32).join(","), limit: "1" });
    for (const [index, name] of names.entries()) query.append(`min[${name}]`, String(index / 8));
    const { body } = await read(id, query.toString()).expect(200);
    expect(body.rows).toMatchObject([row]);
    const { body: next } = await read(id, `${query.toString()}&cursor=${body.next_cursor}`).expect(200);
    expect(next).toMatchObject({ rows: [row], has_more: false });
    const { body: refused } = await read(id, `sort=${names.slice(0, 33).join(",")}`).expect(400);
    expect(refused).toMatchObject({ errors: [{ parameter: "sort", code: "too_many" }] });
  });

  test("takes 70,000 rows in one request, and 3,000 values in one filter", async () => {
    const id = await createChannel({ value: "int" });
    const rows = Array.from({ length: 70_000 }, (_, value) => ({ time: "2024-03-01T00:00:00Z", value }));
    expect(await post(id, JSON.stringify({ rows }))).toMatchObject({ status: 200, body: { available_rows: 70_000 } });
    const wanted = Array.from({ length: 3_000 }, (_, index) => index * 20);
    const { body } = await read(id, `any[value]=${wanted.join(",")}&sort=value&limit=10000`).expect(200);
    expect(body.rows.map(({ value }: { value: number }) => value)).toEqual(wanted);
  });

  test("names no more than 100 of 70,000 unknown columns of one row", async () => {
    const id = await createChannel(columnsOf(256));
    const row = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`wrong ${index}`, 1]));
    const { body } = await as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [row] })
      .expect(400);
    expect(body.errors).toHaveLength(100);
  });
});

describe("14. queries", () => {
  test.each([
    ["limit=0"],
    ["limit=-1"],
    ["limit=1e9"],
    ["limit=abc"],
    ["limit=10001"],
    ["limit=1&limit=1"],
    ["offset=-1"],
    ["offset=1000000000000"],
    ["col[a][b][c]=1"],
    [`col${"[a]".repeat(20)}=1`],
    ["sort=wind"],
    ["sort=number;drop table kronicle.channel"],
    ["min[temprature]=1"],
    ["filter[number]=1"],
    ["col[number]=1 or 1=1"],
    ["cursor=x"],
  ])("refuses %s", async (query) => {
    const id = await createChannel({ number: "int" });
    const { body } = await read(id, query).expect(400);
    expect(body.errors[0].parameter).not.toBe("");
  });

  test("refuses more than 300 filters", async () => {
    const id = await createChannel({ document: "dict" });
    const query = Array.from({ length: 301 }, (_, index) => `col[document.${index}]=1`).join("&");
    const { body } = await read(id, query).expect(400);
    expect(body.errors).toMatchObject([{ code: "too_many" }]);
  });

  test("answers a query that is too long for any server with 400", async () => {
    using connection = await openRawConnection(server);
    await connection.send(`GET /api/v1/channels?name=${"a".repeat(100_000)} HTTP/1.1\r\nHost: kronicle\r\n\r\n`);
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("answers the farthest offset with nothing", async () => {
    const id = await createChannel({ number: "int" });
    expect(await post(id, '{"rows":[{"number":1}]}')).toMatchObject({ status: 200 });
    const { body } = await read(id, "offset=2147483647").expect(200);
    expect(body).toMatchObject({ rows: [], has_more: false });
  });
});

describe("15. keys and credentials", () => {
  const ROWS = '{"rows":[{"time":"2024-03-01T00:00:00Z","number":1}]}';

  test.each([
    ["of 10 kB", "k".repeat(10_000)],
    ["of 256 characters", "k".repeat(256)],
    ["that is empty", '""'],
    ["with half a quote", '"abc'],
    ["with a quote inside", '"a"b"'],
    ["with a letter beyond ASCII", "k\u{e9}"],
    ["with a tab", '"a\tb"'],
    ["that is two", '"a", "b"'],
  ])("refuses an Idempotency-Key %s", async (_what, key) => {
    const id = await createChannel({ number: "int" });
    expect(await post(id, ROWS, { "Idempotency-Key": key })).toMatchObject({ status: 400, body: { code: "request_invalid" } });
    expect(await countRows(id)).toBe(0);
  });

  test("refuses the same key with another body, or for another channel, and stores nothing of it", async () => {
    const [id, other] = [await createChannel({ number: "int" }), await createChannel({ number: "int" })];
    const headers = { "Idempotency-Key": `"${randomUUID()}"` };
    expect(await post(id, ROWS, headers)).toMatchObject({ status: 200, replayed: null });
    expect(await post(id, ROWS, headers)).toMatchObject({ status: 200, replayed: "true" });
    expect(await post(id, ROWS.replace("1}", "2}"), headers)).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
    expect(await post(other, ROWS, headers)).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
    expect(await countRows(id)).toBe(1);
    expect(await countRows(other)).toBe(0);
  });

  test("keeps the keys of one caller apart from those of another", async () => {
    const id = await createChannel({ number: "int" });
    const key = `"${randomUUID()}"`;
    expect(await post(id, ROWS, { "Idempotency-Key": key })).toMatchObject({ status: 200, replayed: null });
    const asAdmin = { "Idempotency-Key": key, Authorization: `Bearer ${KEYS.admin}` };
    expect(await post(id, ROWS, asAdmin)).toMatchObject({ status: 200, replayed: null });
    expect(await countRows(id)).toBe(2);
  });

  test.each([
    ["no scheme", KEYS.admin],
    ["another scheme", `Basic ${KEYS.admin}`],
    ["a word that has the scheme in it", `NotBearer ${KEYS.admin}`],
    ["two spaces", `Bearer  ${KEYS.admin}`],
    ["a tab", `Bearer\t${KEYS.admin}`],
    ["two keys", `Bearer ${KEYS.admin} ${KEYS.admin}`],
    ["two keys with a comma", `Bearer ${KEYS.admin}, Bearer ${KEYS.admin}`],
    ["quotes", `Bearer "${KEYS.admin}"`],
    ["%00", `Bearer ${"%00".repeat(100)}`],
    ["a key and %00", `Bearer ${KEYS.admin}%00`],
    ["10 kB", `Bearer ${"k".repeat(10_000)}`],
    ["nothing", "Bearer "],
    ["a well-formed key that nobody made", "Bearer krn_admin_4fTq9ZbXw2Lk_0000000000000000000000000000000000000000000_000000"],
    ["letters beyond ASCII", `Bearer ${KEYS.admin}\u{e9}`],
  ])("refuses an Authorization with %s", async (_what, header) => {
    const response = await fetch(`${server.url}/setup/v1/channels`, { headers: { Authorization: header } });
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toContain("Bearer");
    expect(await response.json()).toMatchObject({ code: "credential_invalid" });
  });

  test.each(["bearer", "BEARER", "bEaReR"])("takes the scheme as %s", async (scheme) => {
    const response = await fetch(`${server.url}/setup/v1/channels`, { headers: { Authorization: `${scheme} ${KEYS.admin}` } });
    expect(response.status).toBe(200);
  });

  test.each([
    ["a good one first", KEYS.admin, "nonsense"],
    ["a good one last", "nonsense", KEYS.admin],
    ["the same twice", KEYS.admin, KEYS.admin],
  ])("refuses two Authorization headers: %s", async (_what, first, second) => {
    using connection = await openRawConnection(server);
    await connection.send(
      `GET /setup/v1/channels HTTP/1.1\r\nHost: kronicle\r\nAuthorization: Bearer ${first}\r\nAuthorization: Bearer ${second}\r\nConnection: close\r\n\r\n`,
    );
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 401 [\s\S]*"code":"credential_invalid"/);
  });

  test("asks for a Host, and does without an Expect that it does not know", async () => {
    using nowhere = await openRawConnection(server);
    await nowhere.send("GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(await nowhere.untilClosed()).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"parameter":"Host"/);
    using hopeful = await openRawConnection(server);
    await hopeful.send("GET /health/live HTTP/1.1\r\nHost: kronicle\r\nExpect: a miracle\r\nConnection: close\r\n\r\n");
    expect(await hopeful.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
  });
});
