import { describe, expect, test } from "vitest";
import { appendRows, createFilledChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { walkPages } from "../../support/pages.ts";
import { useTestServer } from "../../support/use-test-server.ts";

const MEBIBYTE = 1024 * 1024;
const TIME = "2024-03-01T00:00:00Z";

const server = useTestServer({ bodyLimitBytes: 64 * MEBIBYTE, bodyMemoryBytes: 256 * MEBIBYTE, statementTimeoutSeconds: 300 });

type Entry = { readonly row: { readonly size: number; readonly text?: string } };

const textOf = (size: number) => "x".repeat(size * MEBIBYTE);

describe("latest rows that are large", () => {
  test("end a page of channels before it has more than 32 MiB, with one entry at least", async () => {
    const create = (size: number, more: Readonly<Record<string, string>> = {}) =>
      createFilledChannel(server, {
        name: crypto.randomUUID(),
        channel_schema: { text: "str", size: "int", ...more },
        rows: [{ time: TIME, text: textOf(size), size }],
      });
    for (const size of [10, 20, 1, 40, 20]) await create(size);
    // Rows of another series table take of the same room.
    await create(15, { more: "optional[str]" });
    await create(10);
    const pages = await walkPages<Entry>(server, "/api/v1/latest");
    expect(pages.map((page) => page.map(({ row }) => row.size))).toEqual([[10, 20, 1], [40], [20], [15, 10]]);
    expect(pages.flat().map(({ row }) => row.text?.length)).toEqual(pages.flat().map(({ row }) => row.size * MEBIBYTE));
    const without = await walkPages<Entry>(server, "/api/v1/latest?columns=size");
    expect(without.map((page) => page.map(({ row }) => row.size))).toEqual([[10, 20, 1, 40, 20, 15, 10]]);
  });
});

describe("latest values of columns that are large together", () => {
  test("are refused, and shown one by one", async () => {
    const id = await createFilledChannel(server, {
      name: crypto.randomUUID(),
      channel_schema: { one: "optional[str]", other: "optional[list]", small: "optional[int]" },
      rows: [{ time: TIME, one: textOf(20) }],
    });
    await appendRows(server, id, [{ time: TIME, other: [textOf(20)], small: 1 }]);
    const latest = (columns: string) =>
      as("reader", server).get(`/api/v1/channels/${id}/latest`).query({ per_column: true, columns });
    const { body } = await latest("one,other,small").expect(400);
    expect(body).toMatchObject({ code: "query_invalid", errors: [{ parameter: "columns", code: "too_large" }] });
    expect((await latest("one,small").expect(200)).body.columns.one.value).toHaveLength(20 * MEBIBYTE);
    expect((await latest("other").expect(200)).body.columns.other.value[0]).toHaveLength(20 * MEBIBYTE);
  });
});
