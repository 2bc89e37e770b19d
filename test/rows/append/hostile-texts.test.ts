/** Text that is none: bytes that are no UTF-8, characters that cannot be stored. */
import { describe, expect, test } from "vitest";
import { appendBody, countRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

function read(id: string, query: string) {
  return as("reader", server).get(`/api/v1/channels/${id}/rows?${query}`);
}

describe("text that is none", () => {
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
    const id = await createChannel(server, { channel_schema: { note: "str", document: "optional[dict]" } });
    const good = '{"note":"good"}';
    expect(await appendBody(server, id, `{"rows":[${row},${good}]}`)).toMatchObject({
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
    const id = await createChannel(server, { channel_schema: { note: "str" } });
    const text = Buffer.from(json);
    const row = new Uint8Array(text.subarray(text.indexOf("{", 1), text.lastIndexOf("]")));
    const csv = bytes('note\r\n"', [...text.subarray(18, -4)], '"\r\n');
    const errors = [{ code: "not_utf8" }];
    expect(await appendBody(server, id, json)).toMatchObject({ status: 400, body: { code: "body_malformed", errors } });
    expect(await appendBody(server, id, row, { "Content-Type": "application/x-ndjson" })).toMatchObject({
      status: 400,
      body: { errors },
    });
    expect(await appendBody(server, id, csv, { "Content-Type": "text/csv" })).toMatchObject({ status: 400, body: { errors } });
    expect(await countRows(server, id)).toBe(0);
  });

  test.each([
    ["application/json", '\u{feff}{"rows":[{"note":"a"}]}'],
    ["application/x-ndjson", '\u{feff}\u{feff}{"note":"a"}\n'],
    ["application/json", Buffer.from('{"rows":[{"note":"a"}]}', "utf16le").toString("latin1")],
    ["text/csv", Buffer.from("time,note\r\n2024-03-01T00:00:00Z,a\r\n", "utf16le").toString("latin1")],
  ])("refuses a byte order mark, a second one, or UTF-16 as %s", async (type, text) => {
    const id = await createChannel(server, { channel_schema: { note: "str" } });
    expect(await appendBody(server, id, text, { "Content-Type": type })).toMatchObject({
      status: 400,
      body: { code: "body_malformed" },
    });
  });

  test.each([
    ["application/x-ndjson", '\u{feff}{"time":"2024-03-01T00:00:00Z","note":"a"}\n'],
    ["text/csv", '\u{feff}"time",note\r\n2024-03-01T00:00:00Z,a\r\n'],
  ])("passes over a byte order mark in front of %s, which says that it is UTF-8", async (type, text) => {
    const id = await createChannel(server, { channel_schema: { note: "str" } });
    expect(await appendBody(server, id, text, { "Content-Type": type })).toMatchObject({ status: 200 });
    const { body } = await read(id, "sort=time").expect(200);
    expect(body.rows).toEqual([{ time: "2024-03-01T00:00:00Z", note: "a" }]);
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
    const id = await createChannel(server, { channel_schema: { note: "str" } });
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
    const id = await createChannel(server, { channel_schema: { note: "str" } });
    const rows = texts.map((note, index) => ({ time: `2024-03-01T00:00:0${index}Z`, note }));
    expect(await appendBody(server, id, JSON.stringify({ rows }))).toMatchObject({ status: 200 });
    const { body } = await read(id, "sort=time").expect(200);
    expect(body.rows).toEqual(rows);
  });
});
