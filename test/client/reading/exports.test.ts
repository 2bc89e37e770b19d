import { defineChannel, NetworkError, SchemaDriftError } from "@kronicle/client";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { connect } from "../connect.ts";
import { startHttpServer } from "../http-server.ts";

const counter = defineChannel({ count: "int64", note: "optional[str]" });
const NOTES = ["a,b", '"', "line\nbreak", "\u2028ünï-🌡️", "", null];
/** More than one page of the server, and characters that lie across pieces of the body. */
const ROWS = 6_000;

let server: TestServer;
let id = "";
beforeAll(async () => {
  server = await startTestServer();
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    time: new Date(Date.UTC(2024, 2, 1) + index * 1000),
    count: 9007199254740993n + BigInt(index),
    note: NOTES[index % NOTES.length] ?? null,
  }));
  ({ channel_id: id } = await connect("writer", server).writer.upsertChannel({ name: "counter", schema: counter, rows }));
});
afterAll(() => server[Symbol.asyncDispose]());

const channel = () => connect("reader", server).reader.channel(id, counter);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe("ndjson", () => {
  test("streams the same rows as the pages, each with its types", async () => {
    const exported = await collect(channel().ndjson({ sort: "time" }));
    expect(exported).toHaveLength(ROWS);
    expect(exported.slice(0, 6).map(({ note }) => note)).toEqual(NOTES);
    expect(exported.at(-1)?.count).toBe(9007199254740993n + BigInt(ROWS - 1));
    expect(exported).toEqual(await collect(channel().rows({ sort: "time" })));
  });

  test("takes the filters, the order, a limit, and the time of arrival", async () => {
    const where = { count: { max: 9007199254740995n } };
    const exported = await collect(
      channel().ndjson({ where, sort: "-count", limit: 2, offset: 1, columns: ["count"], skipReceived: false }),
    );
    expect(exported.map(({ count }) => count)).toEqual([9007199254740994n, 9007199254740993n]);
    expect(exported.map((row) => Object.keys(row))).toEqual([
      ["time", "count", "received_at"],
      ["time", "count", "received_at"],
    ]);
  });

  test("of nothing is empty", async () => {
    expect(await collect(channel().ndjson({ to: "2000-01-01T00:00:00Z" }))).toEqual([]);
  });

  test("can be left early", async () => {
    for await (const { count } of channel().ndjson({ sort: "time" })) {
      expect(count).toBe(9007199254740993n);
      break;
    }
  });

  test("does not start when the channel does not fit the definition", async () => {
    const drifted = connect("reader", server).reader.channel(id, defineChannel({ count: "str" }));
    await expect(collect(drifted.ndjson())).rejects.toThrow(SchemaDriftError);
  });
});

describe("csv", () => {
  test("streams a file that reads back as the rows", async () => {
    const stream = await channel().csv({ sort: "time", limit: NOTES.length });
    const records: string[][] = parse(Buffer.from(await new Response(stream).arrayBuffer()), { bom: false });
    expect(records[0]).toEqual(["time", "count", "note"]);
    expect(records.slice(1).map(([, count, note]) => [count, note])).toEqual(
      NOTES.map((note, index) => [String(9007199254740993n + BigInt(index)), note ?? ""]),
    );
  });

  test("can be left early", async () => {
    const reader = (await channel().csv()).getReader();
    expect(await reader.read()).toMatchObject({ done: false });
    await reader.cancel();
    expect(await channel().get()).toMatchObject({ available_rows: ROWS });
  });

  test("of a channel that does not exist is an ApiError", async () => {
    const missing = connect("reader", server).reader.channel("00000000-0000-4000-8000-000000000000", counter);
    await expect(missing.csv()).rejects.toMatchObject({ code: "channel_not_found" });
  });
});

describe("an export that breaks off", () => {
  /** Answers as Kronicle does, up to the body. */
  async function startBrokenServer(type: string, pieces: readonly string[], end: "abort" | "close") {
    const described = await channel().get();
    return startHttpServer((request, response) => {
      if (!request.url?.includes("/export")) {
        response.writeHead(200, { "Content-Type": "application/json", ETag: '"1"' }).end(JSON.stringify(described));
        return;
      }
      response.writeHead(200, { "Content-Type": type });
      for (const piece of pieces) response.write(piece);
      // Long enough for what was written to be on its way.
      setTimeout(() => (end === "abort" ? response.destroy() : response.end()), 50);
    });
  }
  const line = '{"time":"2024-03-01T00:00:00Z","count":"1","note":null}\n';

  test.each([
    ["at the end of a row", [line], "abort"],
    ["within a row", [line, line.slice(0, 20)], "abort"],
    ["before the first row", [""], "abort"],
    ["within a row, and politely", [line, line.slice(0, 20)], "close"],
    ["before the end of the last line", [line, line.trimEnd()], "close"],
    ["with something that is no row", [line, "<html>\n"], "close"],
  ] as const)("%s is a NetworkError, after the rows that came", async (_when, pieces, end) => {
    await using broken = await startBrokenServer("application/x-ndjson", pieces, end);
    const rows: bigint[] = [];
    const read = async () => {
      for await (const { count } of connect("reader", broken).reader.channel(id, counter).ndjson()) rows.push(count);
    };
    await expect(read()).rejects.toThrow(NetworkError);
    expect(rows.every((count) => count === 1n)).toBe(true);
  });

  test("as CSV fails the stream with a NetworkError", async () => {
    await using broken = await startBrokenServer("text/csv", ["time,count,note\r\n", "2024-"], "abort");
    const stream = await connect("reader", broken).reader.channel(id, counter).csv();
    await expect(collect(stream)).rejects.toThrow(NetworkError);
  });

  test("is one that somebody else answers", async () => {
    await using proxy = await startBrokenServer("text/html", ["<html>"], "close");
    await expect(connect("reader", proxy).reader.channel(id, counter).csv()).rejects.toThrow(NetworkError);
    await expect(collect(connect("reader", proxy).reader.channel(id, counter).ndjson())).rejects.toThrow(NetworkError);
  });
});
