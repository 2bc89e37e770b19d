/** Rows as files hold them, which other programs and people have written. */
import { describe, expect, test } from "vitest";
import { countRows, createChannel, readRows } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

const CSV = "text/csv";
const NDJSON = "application/x-ndjson";
const TIME = "2024-03-01T00:00:00Z";

const create = (channel_schema: Record<string, string> = { value: "optional[float]", note: "optional[str]" }) =>
  createChannel(server, { channel_schema });

function append(id: string, type: string, text: string, query = "") {
  return as("writer", server).post(`/data/v1/channels/${id}/rows${query}`).type(type).send(text);
}

describe("rows that have lost their time", () => {
  const LOST = [
    ["a CSV without the column", CSV, "value,note\r\n1,a\r\n"],
    ["an empty cell", CSV, `time,value\n${TIME},1\n,2\n`],
    ["a cell of blanks", CSV, `time,value\n${TIME},1\n ,2\n`],
    ["a quoted empty cell", CSV, `time,value\n${TIME},1\n"",2\n`],
    ["NDJSON without the key", NDJSON, `{"time":"${TIME}","value":1}\n{"value":2}\n`],
    ["null in NDJSON", NDJSON, `{"time":"${TIME}","value":1}\n{"time":null,"value":2}\n`],
  ] as const;

  test.each(LOST)("are refused, and nothing is stored: %s", async (_what, type, text) => {
    const id = await create();
    const { body } = await append(id, type, text).expect(400);
    expect(body).toMatchObject({ errors: [{ code: "missing", detail: expect.stringContaining("time=received") }] });
    expect(await countRows(server, id)).toBe(0);
  });

  test.each(LOST)(
    "get the time of their arrival when that is asked for, and the others keep theirs: %s",
    async (_what, type, text) => {
      const id = await create();
      const before = Date.now();
      const { body } = await append(id, type, text, "?time=received").expect(200);
      const times = (await readRows(server, id, "?sort=time")).map(({ time }) => time);
      expect(times.slice(0, -1)).toEqual(Array.from({ length: body.op_details.inserted_rows - 1 }, () => TIME));
      expect(Date.parse(String(times.at(-1)))).toBeGreaterThanOrEqual(before);
    },
  );

  test("are bad rows among good ones", async () => {
    const id = await create();
    const { body } = await append(id, CSV, `time,value\n${TIME},1\n,2\n`, "?strict=false").expect(200);
    expect(body.op_details).toMatchObject({ inserted_rows: 1, rejected_rows: 1, details: [{ subfield: "/rows/1/time" }] });
  });

  test("are what JSON may hold as ever, but for null", async () => {
    const id = await create();
    await append(id, "application/json", '{"rows":[{"value":1}]}').expect(200);
    const bad = '{"rows":[{"time":null,"value":1}]}';
    const { body } = await append(id, "application/json", bad).expect(400);
    expect(body.errors).toMatchObject([{ pointer: "/rows/0/time", code: "not_a_time" }]);
    await append(id, "application/json", bad, "?time=received").expect(200);
  });

  test("get no other time", async () => {
    const id = await create();
    const { body } = await append(id, CSV, "value\n1\n", "?time=now").expect(400);
    expect(body).toMatchObject({ code: "request_invalid", errors: [{ parameter: "time" }] });
  });

  test("are not what a spreadsheet leaves behind: lines of commas are passed over", async () => {
    const id = await create();
    const tail = ",,\r\n".repeat(500);
    for (const query of ["", "?time=received", "?strict=false"]) {
      const { body } = await append(id, CSV, `time,value,note\r\n${TIME},1,a\r\n${tail} , ,\r\n\r\n${tail}`, query).expect(200);
      expect(body.op_details).toMatchObject({ provided_rows: 1, inserted_rows: 1, rejected_rows: 0 });
    }
    expect(await countRows(server, id)).toBe(3);
  });
});

describe("values as other programs write them", () => {
  test("are stored as what they mean", async () => {
    const id = await create({ f: "float", i: "int", l: "int64", b: "bool", at: "datetime", note: "optional[str]" });
    const lines = [
      '\ufeff"time", f, i, l, b, at, note',
      "2024-03-01 00:00:00+00, 20., +5, +9007199254740993, True, 2024-03-01 01:00+01, a",
      "2024-03-01T01:00:01+0100,.5,5.0,3.0,1,2024-03-01,",
      '2024-03-01 00:00:02.500 UTC, "-.5" ,-0,-3.,F,2024-03-01T00:00Z,"x, y"',
    ];
    await append(id, CSV, lines.join("\r\n")).expect(200);
    expect(await readRows(server, id, "?sort=time")).toEqual([
      { time: "2024-03-01T00:00:00Z", f: 20, i: 5, l: "9007199254740993", b: true, at: TIME, note: " a" },
      { time: "2024-03-01T00:00:01Z", f: 0.5, i: 5, l: "3", b: true, at: TIME, note: null },
      { time: "2024-03-01T00:00:02.500000Z", f: -0.5, i: 0, l: "-3", b: false, at: TIME, note: "x, y" },
    ]);
  });

  test("are taken in JSON as well where they are times, and only there", async () => {
    const id = await create({ b: "optional[bool]", f: "optional[float]", at: "optional[datetime]" });
    const row = { time: "2024-03-01 01:00:00+0100", at: "2024-03-01 00:00+00" };
    await append(id, "application/json", JSON.stringify({ rows: [row] })).expect(200);
    await append(id, NDJSON, JSON.stringify(row)).expect(200);
    expect(await readRows(server, id, "?columns=at")).toEqual([
      { time: TIME, at: TIME },
      { time: TIME, at: TIME },
    ]);
    for (const value of [{ b: "True" }, { b: 1 }, { f: "+5" }]) {
      await append(id, NDJSON, JSON.stringify({ time: TIME, ...value })).expect(400);
    }
  });

  test.each([
    ["2024-03-01T00:00:00.123456789Z", "its second has 9 digits"],
    ["2024-03-01 00:00:00.1234567+00", "its second has 7 digits"],
    ["2024-03-01T00:00:00", "no offset"],
    ["2024-03-01 00:00", "no offset"],
  ])("are refused with the reason when they are times that nothing else can be made of: %s", async (time, reason) => {
    const id = await create({ at: "optional[datetime]" });
    const { body } = await append(id, CSV, `time,at\n${time},${time}\n`).expect(400);
    expect(body.errors).toMatchObject([
      { pointer: "/rows/0/time", code: "not_a_time", detail: expect.stringContaining(reason) },
      { pointer: "/rows/0/at", code: "not_a_datetime", detail: expect.stringContaining(reason) },
    ]);
  });
});

describe("a malformed line", () => {
  const BAD = [
    [
      "NDJSON that is cut off",
      NDJSON,
      (time: string) => `{"time":"${time}","value":1}\n{"time":"${time}","val\n{"time":"${time}","value":3}\n`,
    ],
    ["NDJSON with a key twice", NDJSON, (time: string) => `{"time":"${time}"}\n{"value":1,"value":2}\n{"time":"${time}"}\n`],
    ["CSV with a field too many", CSV, (time: string) => `time,value\n${time},1\n${time},2,\n${time},3\n`],
    ["CSV with a field too few", CSV, (time: string) => `time,value\n${time},1\n${time}\n${time},3\n`],
    ["CSV with a quote inside", CSV, (time: string) => `time,note\n${time},a\n${time},5" pipe\n${time},c\n`],
    ["CSV with more behind a quote", CSV, (time: string) => `time,note\n${time},a\n${time},"b"b\n${time},c\n`],
  ] as const;

  test.each(BAD)("refuses all rows when it is strict: %s", async (_what, type, write) => {
    const id = await create();
    const { body } = await append(id, type, write(TIME)).expect(400);
    expect(body).toMatchObject({ code: "body_malformed", detail: expect.stringMatching(/line \d/), errors: [{}] });
    expect(await countRows(server, id)).toBe(0);
  });

  test.each(BAD)("is one rejected row with strict=false, as often as it is asked: %s", async (_what, type, write) => {
    const id = await create();
    const send = () =>
      append(id, type, write(TIME), "?strict=false").set("Idempotency-Key", `"${id}"`).set("Prefer", "return=representation");
    const { body } = await send().expect(200);
    expect(body).toMatchObject({
      op_status: "warning",
      op_details: {
        provided_rows: 3,
        inserted_rows: 2,
        rejected_rows: 1,
        details: [{ field: "rows", subfield: expect.stringMatching(/^\/rows\/1/), message: expect.stringMatching(/^line \d: /) }],
      },
      rows: [{ time: TIME }, { time: TIME }],
    });
    const { body: again, headers } = await send().expect(200);
    expect(headers["idempotency-replayed"]).toBe("true");
    expect([again.op_details, again.rows]).toEqual([body.op_details, body.rows]);
    expect(await countRows(server, id)).toBe(2);
  });

  test("is one among thousands that are read in steps", async () => {
    const id = await create();
    const lines = Array.from({ length: 5_000 }, (_, index) => `${TIME},${index},"a\n${index}"${index % 1_000 === 7 ? "x" : ""}`);
    const { body } = await append(id, CSV, ["time,value,note", ...lines].join("\r\n"), "?strict=false").expect(200);
    expect(body.op_details).toMatchObject({ provided_rows: 5_000, inserted_rows: 4_995, rejected_rows: 5 });
    expect(body.op_details.details[1]).toMatchObject({
      subfield: "/rows/1007",
      message: expect.stringMatching(/^lines 2016 to 2017: /),
    });
  });

  test("leaves no row when there is no other", async () => {
    const id = await create();
    const { body } = await append(id, NDJSON, "{\n}\n", "?strict=false").expect(400);
    expect(body).toMatchObject({ code: "row_invalid", errors: [{ pointer: "/rows/0" }, { pointer: "/rows/1" }] });
  });

  test("refuses all rows even so when its quote is never closed: nobody knows where the next begins", async () => {
    const id = await create();
    const { body } = await append(id, CSV, `time,note\n${TIME},a\n${TIME},"b\n${TIME},c\n`, "?strict=false").expect(400);
    expect(body).toMatchObject({ code: "body_malformed", detail: expect.stringContaining("line 3: a quote opens a field") });
    expect(await countRows(server, id)).toBe(0);
  });
});

describe("a CSV that cannot be read", () => {
  test.each([
    ["by semicolons", `time;value\n${TIME};1\n`, "separated by semicolons"],
    ["by semicolons, all quoted", `"time";"value"\n"${TIME}";"1,5"\n`, "separated by semicolons"],
    ["by tabs", `time\tvalue\n${TIME}\t1\n`, "separated by tabs"],
    ["with a field too many", `time,value\n${TIME},1,2\n`, "line 2: it has 3 fields"],
    ["with an unknown column", `time,valu\n${TIME},1\n`, 'did you mean "value"'],
  ])("is told as one of CSV: %s", async (_what, text, what) => {
    const id = await create();
    const { body } = await append(id, CSV, text).expect(400);
    expect(body.code).toBe("body_malformed");
    expect(body.detail).toContain("The rows cannot be read as CSV: ");
    expect(body.detail).toContain(what);
    expect(body.title).not.toContain("JSON");
  });
});
