import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { defineChannel } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportRows } from "../../../client/src/commands/export/export.ts";
import { importFile } from "../../../client/src/commands/import/import.ts";
import { listChannels } from "../../../client/src/commands/ls/ls.ts";
import { createDirectory } from "../../support/directory.ts";
import { useTestServer } from "../../support/use-test-server.ts";
import { connect } from "../connect.ts";
import { startHttpServer } from "../http-server.ts";
import { runCommand } from "./run-command.ts";

const server = useTestServer();
let directory: Awaited<ReturnType<typeof createDirectory>>;
let id: string;
beforeAll(async () => {
  directory = await createDirectory();
  const { writer } = connect("writer", server);
  const schema = defineChannel({ temperature: "float", count: "optional[int64]", note: "optional[str]" });
  ({ channel_id: id } = await writer.upsertChannel({
    name: "thermo-1",
    schema,
    tags: { room: "lab", floor: 3 },
    rows: [
      { time: "2024-03-01T11:00:00Z", temperature: -0, count: 9_007_199_254_740_993n },
      { time: "2024-03-01T10:00:00Z", temperature: 20.5, note: 'a, "b"' },
    ],
  }));
});
afterAll(() => directory[Symbol.asyncDispose]());

const exporting = (...args: string[]) => runCommand(exportRows, ["--url", server.url, ...args]);

const CSV = `time,temperature,count,note
2024-03-01T10:00:00.000000Z,20.5,,"a, ""b"""
2024-03-01T11:00:00.000000Z,-0,9007199254740993,
`;

describe("kronicle export", () => {
  test.each([
    ["by its name", () => "thermo-1"],
    ["by its id", () => id],
  ])("writes the rows of a channel, %s, oldest first", async (_how, name) => {
    const { code, stdout, error } = await exporting(name());
    expect({ code, error, stdout: stdout.replaceAll("\r\n", "\n") }).toEqual({ code: 0, error: null, stdout: CSV });
  });

  test("writes lines of JSON, of a span of time", async () => {
    const { code, stdout } = await exporting(
      "thermo-1",
      "--format",
      "ndjson",
      "--from",
      "2024-03-01T11:00:00Z",
      "--to",
      "2024-03-01T12:00:00Z",
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^\{"time":"2024-03-01T11:00:00(?:\.000000)?Z","temperature":-0,"count":"9007199254740993","note":null\}\n$/,
      ),
    });
  });

  test("writes a file, which can be imported again", async () => {
    const out = join(directory.path, "rows.csv");
    expect(await exporting("thermo-1", "-o", out)).toEqual({ code: 0, stdout: "", stderr: "", error: null });
    expect((await readFile(out, "utf8")).replaceAll("\r\n", "\n")).toBe(CSV);
    const imported = await runCommand(importFile, [out, "--channel", "copy", "--url", server.url, "--yes"]);
    expect(imported).toMatchObject({ code: 0, error: null, stdout: "Rows stored: 2.\n" });
    const again = await exporting("copy");
    expect(again.stdout.replaceAll("\r\n", "\n")).toBe(CSV);
  });

  test("leaves no file behind when the export breaks off", async () => {
    await using proxy = await startHttpServer(async (request, response) => {
      const path = request.url ?? "";
      const answer = await fetch(server.url + path, { headers: { authorization: request.headers.authorization ?? "" } });
      const body = await answer.text();
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      if (!path.includes("/export")) response.end(body);
      else response.write(body.slice(0, -10), () => response.destroy());
    });
    for (const format of ["csv", "ndjson"]) {
      const out = join(directory.path, `broken.${format}`);
      const { error } = await runCommand(exportRows, ["thermo-1", "--url", proxy.url, "-o", out]);
      expect(error).toMatchObject({ name: "NetworkError" });
    }
    expect((await readdir(directory.path)).filter((name) => name.startsWith("broken"))).toEqual([]);
  });

  test.each([
    { args: ["thermo-2"], says: /no channel "thermo-2".*kronicle ls/ },
    { args: [], says: /which channel/ },
    { args: ["thermo-1", "--format", "xlsx"], says: /"xlsx" is neither csv nor ndjson/ },
    { args: ["thermo-1", "-o", "missing/rows.csv"], says: /missing\/rows\.csv cannot be written/ },
  ])("says what is wrong with $args", async ({ args, says }) => {
    expect((await exporting(...args)).error).toMatchObject({ name: "UsageError", message: expect.stringMatching(says) });
  });

  test("says which key is missing", async () => {
    const { error } = await runCommand(exportRows, ["thermo-1"], {});
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining("KRONICLE_READER_KEY") });
  });
});

describe("kronicle ls", () => {
  test("lists channels, with their rows, times and tags", async () => {
    const { code, stdout } = await runCommand(listChannels, ["--url", server.url, "--tag", "room:lab"]);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      expect.stringMatching(/^NAME +ID +ROWS +FIRST +LAST +TAGS$/),
      expect.stringMatching(new RegExp(`^thermo-1 +${id} +2 +2024-03-01T10:00:00Z +2024-03-01T11:00:00Z +.*room:lab`)),
      "",
    ]);
  });

  test("lists them as JSON, as the service does", async () => {
    const { stdout } = await runCommand(listChannels, ["--url", server.url, "--tag", "floor", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([{ name: "thermo-1", channel_id: id, available_rows: 2 }]);
  });
});
