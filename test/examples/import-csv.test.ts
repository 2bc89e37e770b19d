import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createReader, defineChannel } from "@kronicle/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDirectory } from "../support/directory.ts";
import { outcomeOf } from "../support/process.ts";
import { KEYS, startTestServer, type TestServer } from "../support/server.ts";

const IMPORT = [process.execPath, "client/examples/import-csv/main.ts"];

const DAYS = 5_000;
const START = Date.UTC(2010, 0, 1);
const DAY_MS = 86_400_000;

/** What the importer makes of the columns of the file. */
const weather = defineChannel({ temperature: "optional[float]", remark: "optional[str]" });

let server: TestServer;
let directory: Awaited<ReturnType<typeof createDirectory>>;
beforeAll(async () => {
  server = await startTestServer();
  directory = await createDirectory();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

function day(index: number): string {
  return new Date(START + index * DAY_MS).toISOString();
}

function lineOf(index: number): string {
  return `${day(index)},${index / 10},${index % 2 ? '"rain, then ""sun"""' : ""}`;
}

async function writeCsv(name: string, lines: readonly string[]): Promise<string> {
  const file = join(directory.path, name);
  await writeFile(file, `time,temperature,remark\n${lines.join("\n")}\n`);
  return file;
}

const importing = (...args: string[]) => outcomeOf([...IMPORT, ...args], { KRONICLE: server.url, WRITER_KEY: KEYS.writer });

async function readAll(name: string) {
  const reader = createReader({ baseUrl: server.url, token: KEYS.reader });
  const [channel] = (await reader.listChannels({ name }).page()).channels;
  const selection = reader.channel(channel?.channel_id ?? "", weather).rows({ sort: "time", limit: 10_000 });
  return (await selection.page()).rows;
}

describe("the importer", () => {
  test("stores a file of several pieces, and nothing in a second run", async () => {
    const file = await writeCsv(
      "weather.csv",
      Array.from({ length: DAYS }, (_, index) => lineOf(index)),
    );
    expect(await importing(file, "--name", "weather")).toEqual({
      code: 0,
      stdout: "5000 rows are stored, 0 of them were already. 0 were refused.\n",
      stderr: "",
    });
    expect(await importing(file, "--name", "weather")).toMatchObject({
      code: 0,
      stdout: "5000 rows are stored, 5000 of them were already. 0 were refused.\n",
    });

    const rows = await readAll("weather");
    expect(rows).toHaveLength(DAYS);
    expect(rows.at(-1)).toEqual({
      time: day(DAYS - 1).replace(".000", ""),
      temperature: (DAYS - 1) / 10,
      remark: 'rain, then "sun"',
    });
    expect(rows.filter(({ remark }) => remark === null)).toHaveLength(DAYS / 2);
  });

  test("names the lines that are refused, and stores the others", async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => lineOf(index));
    lines[2_500] = `${day(2_500)},warm,`;
    lines[2_600] = `2016-30-02T00:00:00Z,1,`;
    const file = await writeCsv("faulty.csv", lines);

    const { code, stdout, stderr } = await importing(file, "--name", "faulty", "--density", "sparse");
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: "2998 rows are stored, 0 of them were already. 2 were refused.\n",
    });
    expect(stderr).toMatch(/^Line 2502, temperature: .*number.*\nLine 2602, time: .*\n$/);
    expect(await readAll("faulty")).toHaveLength(2_998);
  });

  test("says why a whole import is refused, without a stack", async () => {
    const file = await writeCsv("other.csv", ["2024-03-01T00:00:00Z,1,"]);
    await importing(file, "--name", "other");
    await writeFile(file, "time,pressure\n2024-03-01T00:00:00Z,1013\n");
    const { code, stderr } = await importing(file, "--name", "other");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^.*schema.*\n$/);
  });

  test("says how it is used", async () => {
    expect(await importing("--density", "rare")).toEqual({
      code: 2,
      stdout: "",
      stderr: "Usage: node import-csv/main.ts FILE --name NAME [--density dense|normal|sparse]\n",
    });
  });

  test.skipIf(process.platform !== "linux")("shows a bar on a terminal", async () => {
    const file = await writeCsv("bar.csv", [lineOf(1), lineOf(2)]);
    const command = [...IMPORT, file, "--name", "bar"].join(" ");
    const environment = { KRONICLE: server.url, WRITER_KEY: KEYS.writer };
    const onTerminal = ["script", "--quiet", "--return", "--command", command, "/dev/null"];
    const { code, stdout } = await outcomeOf(onTerminal, environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(/█{40} 100 % \| 2 rows/);
  });
});
