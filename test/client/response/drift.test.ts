import { type ChannelDefinition, defineChannel, KronicleError, SchemaDriftError } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect, recordFetch } from "../connect.ts";

const stored = defineChannel({ count: "int64", temperature: "float", note: "optional[str]" });

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  const rows = [{ time: "2024-03-01T00:00:00Z", count: 1n, temperature: 20.5 }];
  ({ channel_id: id } = await connect("writer", server).writer.upsertChannel({ name: "stored", schema: stored, rows }));
});
afterAll(() => server[Symbol.asyncDispose]());

function reader<Definition extends ChannelDefinition>(definition: Definition) {
  return connect("reader", server).reader.channel(id, definition);
}

describe("a definition that does not fit the channel", () => {
  test.each([
    ["another type", defineChannel({ count: "float" }), [{ name: "count", defined: "float", stored: "int64" }]],
    [
      "a column that the channel does not have",
      defineChannel({ humidity: "float" }),
      [{ name: "humidity", defined: "float", stored: null }],
    ],
    ["a name in another case", defineChannel({ Count: "int64" }), [{ name: "Count", defined: "int64", stored: null }]],
    [
      "no null, where there may be one",
      defineChannel({ note: "str" }),
      [{ name: "note", defined: "str", stored: "optional[str]" }],
    ],
    [
      "a name that every object has",
      defineChannel({ constructor: "str" }),
      [{ name: "constructor", defined: "str", stored: null }],
    ],
    [
      "several faults",
      defineChannel({ temperature: "double", count: "int", humidity: "optional[float]" }),
      [
        { name: "count", defined: "int", stored: "int64" },
        { name: "humidity", defined: "optional[float]", stored: null },
      ],
    ],
  ])("is a SchemaDriftError when it has %s", async (_what, definition, columns) => {
    for (const call of [() => reader(definition).rows().page(), () => reader(definition).columns()]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SchemaDriftError);
      expect(error).toBeInstanceOf(KronicleError);
      expect(error).toMatchObject({ name: "SchemaDriftError", columns });
      for (const { name } of columns) expect(String(error)).toContain(`"${name}"`);
    }
  });

  test("is none when it only differs in words, leaves columns out, or allows for null", async () => {
    const { rows } = await reader(defineChannel({ time: "timestamptz", temperature: "optional[double precision]" }))
      .rows()
      .page();
    expect(rows[0]).toMatchObject({ time: "2024-03-01T00:00:00Z", temperature: 20.5 });
  });

  test("does no harm to the columns that are picked", async () => {
    const outdated = defineChannel({ count: "float", temperature: "float" });
    const { rows } = await reader(outdated)
      .rows({ columns: ["temperature"] })
      .page();
    expect(rows).toEqual([{ time: "2024-03-01T00:00:00Z", temperature: 20.5 }]);
    await expect(reader(outdated).columns({ columns: ["count"] })).rejects.toBeInstanceOf(SchemaDriftError);
  });
});

describe("a definition that rows are written by", () => {
  const row = { note: null };

  function writer<Definition extends ChannelDefinition>(definition: Definition, send?: typeof fetch) {
    return connect("writer", server, send).writer.channel(id, definition);
  }

  test.each([
    [
      "another type",
      defineChannel({ count: "int64", temperature: "str", note: "optional[str]" }),
      [{ name: "temperature", defined: "str", stored: "float" }],
    ],
    [
      "a column that the channel does not have",
      defineChannel({ count: "int64", temperature: "float", humidity: "optional[float]" }),
      [{ name: "humidity", defined: "optional[float]", stored: null }],
    ],
    [
      "none of the columns that every row needs",
      defineChannel({ note: "optional[str]" }),
      [
        { name: "count", defined: null, stored: "int64" },
        { name: "temperature", defined: null, stored: "float" },
      ],
    ],
    [
      "null, where there can be none",
      defineChannel({ count: "int64", temperature: "optional[float]" }),
      [{ name: "temperature", defined: "optional[float]", stored: "float" }],
    ],
  ])("is a SchemaDriftError when it has %s, and nothing is stored", async (_what, definition, columns) => {
    const { send, urls } = recordFetch();
    const error: unknown = await writer(definition, send)
      .append([row as never])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SchemaDriftError);
    expect(error).toMatchObject({ columns });
    expect(urls.map(({ pathname }) => pathname)).toEqual([`/data/v1/channels/${id}`]);
  });

  test("is none when it only leaves optional columns out, or has a value where there may be null", async () => {
    const before = (await reader(stored).get()).available_rows;
    await writer(defineChannel({ count: "int64", temperature: "number" })).append([{ count: 3n, temperature: 1 }]);
    await writer(defineChannel({ count: "int64", temperature: "float", note: "str" })).append([
      { count: 4n, temperature: 1, note: "" },
    ]);
    expect((await reader(stored).get()).available_rows).toBe(before + 2);
  });

  test("is compared once, however often it is used", async () => {
    const { send, urls } = recordFetch();
    const { writer: lane } = connect("writer", server, send);
    for (let count = 0; count < 3; count++) await lane.channel(id, stored).append([{ count: 5n, temperature: 1 }]);
    expect(urls.filter(({ pathname }) => !pathname.endsWith("/rows"))).toHaveLength(1);
  });

  test("is not compared after an upsert, which has done so", async () => {
    const { send, urls } = recordFetch();
    const { writer: lane } = connect("writer", server, send);
    const { channel_id } = await lane.upsertChannel({ name: "stored", schema: stored });
    await lane.channel(channel_id, stored).append([{ count: 6n, temperature: 1 }]);
    expect(urls.map(({ pathname }) => pathname)).toEqual(["/data/v1/channels", `/data/v1/channels/${channel_id}/rows`]);
  });
});

describe("defineChannel", () => {
  test.each(["flaot", "optional[optional[str]]", "Float", "", "toString", "__proto__", undefined, 1])(
    "refuses the type %j",
    (type) => {
      expect(() => defineChannel({ temperature: type as never })).toThrow(/^Column "temperature": there is no column type/);
    },
  );

  test("freezes what it declares", () => {
    expect(Object.isFrozen(stored)).toBe(true);
    expect(Object.isFrozen(stored.columns)).toBe(true);
  });
});
