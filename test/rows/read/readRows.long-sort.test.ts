import { describe, expect, test } from "vitest";
import { appendRows, createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const server = useTestServer();

type Row = { time: string; number: number; note: string | null };

async function createNumbered(notes: readonly (string | null)[]): Promise<string> {
  const channel_schema = { number: "int", note: "optional[str]" };
  const id = await createChannel(server, { channel_schema });
  const rows = notes.map((note, number) => ({ time: `2024-03-0${(number % 9) + 1}T00:00:00.000001Z`, number, note }));
  await appendRows(server, id, rows);
  return id;
}

function read(id: string, parameters: Record<string, string>) {
  return as("reader", server).get(`/api/v1/channels/${id}/rows?${new URLSearchParams(parameters).toString()}`);
}

async function walk(id: string, parameters: Record<string, string>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null && rows.length < 100;) {
    const { body }: { body: { rows: Row[]; next_cursor: string | null } } = await read(id, {
      ...parameters,
      ...(cursor === undefined ? {} : { cursor }),
    }).expect(200);
    rows.push(...body.rows);
    cursor = body.next_cursor;
    expect(cursor?.length ?? 0).toBeLessThanOrEqual(1_024);
  }
  return rows;
}

/** Texts that only their last characters tell apart. */
const LONG = "n".repeat(300_000);
const NOTES = [`${LONG}b`, null, `${LONG}a`, "short", `${LONG}b`, `${LONG}🌡`, null, "", `${LONG}a`];
const ASCENDING = [7, 2, 8, 0, 4, 5, 3, 1, 6];
const DESCENDING = [3, 5, 0, 4, 2, 8, 7, 1, 6];

describe("a walk in the order of texts that no URL can hold", () => {
  test.each([
    ["note", "1", ASCENDING],
    ["note", "2", ASCENDING],
    ["-note", "1", DESCENDING],
    ["-note", "3", DESCENDING],
    ["note,-number", "1", [7, 8, 2, 4, 0, 5, 3, 6, 1]],
  ])("sees each row once, sorted by %s, by pages of %s", async (sort, limit, order) => {
    const id = await createNumbered(NOTES);
    const rows = await walk(id, { sort, limit, columns: "number" });
    expect(rows.map(({ number }) => number)).toEqual(order);
  });

  test("goes on from a short text when its row is deleted meanwhile, and says so for a long one", async () => {
    const id = await createNumbered(["a", "b", `${LONG}c`, "z"]);
    const start = { sort: "note", limit: "1", columns: "number" };
    const { body: first } = await read(id, start).expect(200);
    const { body: third } = await read(id, { ...start, limit: "3" }).expect(200);
    await as("admin", server).delete(`/setup/v1/channels/${id}/rows?any[number]=0,2`).expect(200);

    const { body: rest } = await read(id, { ...start, limit: "9", cursor: first.next_cursor }).expect(200);
    expect(rest.rows.map(({ number }: Row) => number)).toEqual([1, 3]);
    const { body: refused } = await read(id, { ...start, cursor: third.next_cursor }).expect(400);
    expect(refused).toMatchObject({ code: "query_invalid", errors: [{ parameter: "cursor", code: "bad_cursor" }] });
    expect(refused.detail).toContain("a row that is gone");
  });
});
