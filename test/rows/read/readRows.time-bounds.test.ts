import { beforeAll, describe, expect, test } from "vitest";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const HOUR_MS = 3_600_000;

type Row = { readonly number: number };

const server = useTestServer();
let id: string;
let startMs: number;
beforeAll(async () => {
  startMs = Date.now();
  // So many hours ago, and far from the edge of an hour.
  const rows = [4, 3, 2, 1].map((hours, number) => ({ time: new Date(startMs - (hours - 0.5) * HOUR_MS).toISOString(), number }));
  const fields = { name: "recent", channel_schema: { number: "int" }, rows };
  const { body } = await as("writer", server).post("/data/v1/channels").send(fields).expect(201);
  id = body.channel_id;
});

const read = (query: string) => as("reader", server).get(`/api/v1/channels/${id}/${query}`);
const numbersOf = ({ rows }: { rows: Row[] }) => rows.map(({ number }) => number);

describe("200", () => {
  test.each([
    ["from=now-1h", [3]],
    ["from=now-2h", [2, 3]],
    ["from=now-180m&to=now-1h", [1, 2]],
    ["to=now", [0, 1, 2, 3]],
    ["from=now", []],
    ["from=now-1d&to=now%2B1h", [0, 1, 2, 3]],
  ])("%s counts from the clock of the server", async (query, numbers) => {
    const { body } = await read(`rows?sort=time&${query}`).expect(200);
    expect(numbersOf(body)).toEqual(numbers);
  });

  test("seconds and milliseconds since 1970 are the same moment as RFC 3339", async () => {
    const ms = startMs - 2 * HOUR_MS;
    const bounds = [new Date(ms).toISOString(), String(ms), (ms / 1_000).toFixed(3)];
    for (const from of bounds) {
      for (const form of ["rows", "rows/export"]) {
        const { text } = await read(`${form}?sort=time&from=${from}`).buffer().expect(200);
        expect(text.match(/"number":\d/g)).toEqual(['"number":2', '"number":3']);
      }
    }
  });

  test("a walk stays at the moment at which it began", async () => {
    const { body: first } = await read("rows?sort=time&limit=1&from=now-2h&to=now").expect(200);
    await as("writer", server)
      .post(`/data/v1/channels/${id}/rows`)
      .send({ rows: [{ number: 9 }] })
      .expect(200);
    const numbers = numbersOf(first);
    for (let cursor: string | null = first.next_cursor; cursor !== null && numbers.length < 9;) {
      const { body }: { body: { rows: Row[]; next_cursor: string | null } } = await read(
        `rows?sort=time&limit=1&from=now-2h&to=now&cursor=${cursor}`,
      ).expect(200);
      numbers.push(...numbersOf(body));
      cursor = body.next_cursor;
    }
    expect(numbers).toEqual([2, 3]);
  });

  test("a cursor of a query that does not move is the same as ever", async () => {
    const { body } = await read("rows?limit=1&to=2100-01-01T00:00:00Z").expect(200);
    const [, position] = JSON.parse(Buffer.from(body.next_cursor, "base64url").toString("utf8"));
    expect(Object.keys(position)).toEqual(["keys", "row"]);
  });
});

describe("400", () => {
  test.each(["yesterday", "170925120000", "now-1y", "now 1h", "2024-03-01"])("says what it takes instead of %s", async (text) => {
    const { body } = await read(`rows?from=${encodeURIComponent(text)}`).expect(400);
    expect(body.errors).toMatchObject([{ parameter: "from", code: "not_a_time" }]);
    for (const word of ["RFC 3339", "10 digits", "13 digits", "now-1h"]) expect(body.errors[0].detail).toContain(word);
    expect(body.errors[0].detail.includes("%2B")).toBe(text.includes(" "));
  });

  test("refuses a relative bound with the cursor of another one", async () => {
    const { body: first } = await read("rows?limit=1&from=now-3h").expect(200);
    const { body } = await read(`rows?limit=1&from=now-4h&cursor=${first.next_cursor}`).expect(400);
    expect(body).toMatchObject({ errors: [{ parameter: "cursor", code: "bad_cursor" }] });
  });
});
