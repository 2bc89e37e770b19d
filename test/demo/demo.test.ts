import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { startProxy } from "../client/http-server.ts";
import { createTestDatabase } from "../support/database.ts";
import { as } from "../support/http.ts";
import { environmentFor, run } from "../support/process.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { type DemoResult, runDemo } from "./run-demo.ts";

const server = useTestServer();

/** What each file holds, read with less cleverness than the demo: none of its fields is quoted. */
const FILES = [
  { file: "seattle-weather.csv", column: "temp_max", field: 2, rows: 1_461, toTime: midnight },
  { file: "co2-concentration.csv", column: "co2", field: 1, rows: 741, toTime: midnight },
  {
    file: "seattle-weather-hourly-normals.csv",
    column: "temperature",
    field: 2,
    rows: 8_759,
    toTime: (date: string) => `${date}Z`,
  },
  { file: "sp500-2000.csv", column: "close", field: 4, rows: 5_105, toTime: midnight },
];

function midnight(date: string): string {
  return `${date}T00:00:00Z`;
}

async function readFigures({ file, column, field, toTime }: (typeof FILES)[number]) {
  const text = await readFile(new URL(`../node_modules/vega-datasets/data/${file}`, import.meta.url), "utf8");
  const lines = text.trimEnd().split("\n").slice(1);
  const cells = (line = "") => line.split(",");
  let sum = 0;
  for (const line of lines) sum += Number(cells(line)[field]);
  return {
    sentRows: lines.length,
    storedRows: lines.length,
    firstTime: toTime(cells(lines.at(0))[0] ?? ""),
    lastTime: toTime(cells(lines.at(-1))[0] ?? ""),
    column,
    meanFromApi: sum / lines.length,
    meanFromFile: sum / lines.length,
    differences: [],
  };
}

describe("the demo", () => {
  const progress: { title: string; sentRows: number; totalRows: number }[] = [];
  let results: DemoResult[];
  beforeAll(async () => {
    results = await runDemo({ baseUrl: server.url, keys: KEYS, onProgress: (step) => progress.push(step) });
  });

  test("finds every figure as the file has it", async () => {
    expect(results).toMatchObject(await Promise.all(FILES.map(readFigures)));
    expect(results.map(({ sentRows }) => sentRows)).toEqual(FILES.map(({ rows }) => rows));
  });

  test("finds every month as the file has it", () => {
    expect(results.map(({ months }) => months)).toEqual([48, 741, 12, 244]);
    expect(results.map(({ equalMonths }) => equalMonths)).toEqual(results.map(({ months }) => months));
  });

  test("reports each batch of 1,000 rows, up to the last one", () => {
    for (const { title, sentRows } of results) {
      const steps = progress.filter((step) => step.title === title);
      expect(steps).toHaveLength(Math.ceil(sentRows / 1_000));
      expect(steps.at(0)).toEqual({ title, sentRows: Math.min(sentRows, 1_000), totalRows: sentRows });
      expect(steps.at(-1)).toEqual({ title, sentRows, totalRows: sentRows });
    }
  });

  test("leaves the rows behind for everybody", async () => {
    for (const { channelId, storedRows, column } of results) {
      const path = `/api/v1/channels/${channelId}/columns?columns=${column}&sort=time&limit=10000`;
      const { body } = await as("reader", server).get(path).expect(200);
      expect(body).toMatchObject({ available_rows: storedRows, has_more: false, tags: { demo: true } });
      expect(body.columns.time).toHaveLength(storedRows);
      expect(body.columns[column]).toHaveLength(storedRows);
    }
  });

  test("runs again on the same database, and says what is not as it was sent", async () => {
    const changes = [
      (text: string) => text.replace('"temp_max":12.8,', '"temp_max":12.9,'),
      (text: string) => text.replace('"available_rows":741', '"available_rows":740'),
      (text: string) => text.replace('"last_time":"2010-12-31T23:00:00Z"', '"last_time":null'),
      (text: string) => text.replace('"max":317.46}', '"max":317.47}'),
      // The smallest change that a float can have, and not in the column whose mean is compared.
      (text: string) => text.replace('"open":1469.25,', '"open":1469.2500000000002,'),
    ];
    await using proxy = await startProxy(server, {
      answer: (text, path) => (path.startsWith("/api/") ? changes.reduce((changed, change) => change(changed), text) : text),
    });
    const [weather, co2, hourly, prices] = await runDemo({ baseUrl: proxy.url, keys: KEYS });

    expect(weather?.differences).toEqual([
      expect.stringMatching(/^meanFromApi is 16\.\d+, and should be 16\.\d+$/),
      expect.stringMatching(/^row 1 came back as .*"temp_max":12\.9,.*, and was sent as .*"temp_max":12\.8,/),
    ]);
    expect(co2?.differences).toEqual([
      "storedRows is 740, and should be 741",
      expect.stringMatching(/^1958-04 is .*"max":317\.47.*, and should be .*"max":317\.46/),
    ]);
    expect(hourly?.differences).toEqual(["lastTime is null, and should be 2010-12-31T23:00:00Z"]);
    expect(prices?.differences).toEqual([
      expect.stringMatching(/^row 1 came back as .*"open":1469\.2500000000002,.*, and was sent as .*"open":1469\.25,/),
    ]);
  });
});

describe("npm run demo", () => {
  test("prints a table for each data set, in plain lines, and ends with 0", async () => {
    await using database = await createTestDatabase();
    await using demo = run([process.execPath, "test/demo/main.ts"], environmentFor(database.settings));
    expect(await demo.ended).toEqual({ code: 0, signal: null });

    expect(demo.stderr()).toBe("");
    expect(demo.stdout()).not.toContain("\u001B");
    expect(demo.stdout()).toContain("S&P 500, daily: 5105 rows sent\n");
    expect(demo.stdout().match(/^ {2}rows stored +(1,461|741|8,759|5,105)$/gm)).toHaveLength(FILES.length);
    for (const { meanFromFile, column } of await Promise.all(FILES.map(readFigures))) {
      const figure = String(meanFromFile).replaceAll(".", "\\.");
      expect(demo.stdout()).toMatch(new RegExp(`^  mean ${column}, API +${figure}\n  mean ${column}, file +${figure}$`, "m"));
    }
    expect(demo.stdout()).toMatch(/\nEverything came back as it was sent\.\n$/);
  });

  test("says in a sentence that the database of DATABASE_URL cannot be opened", async () => {
    await using demo = run([process.execPath, "test/demo/main.ts"], { DATABASE_URL: "postgres://app:hunter2@localhost:1/none" });
    expect(await demo.ended).toEqual({ code: 69, signal: null });
    expect(demo.stderr()).toMatch(/^The database of DATABASE_URL cannot be opened: .*ECONNREFUSED.*\.\n$/);
    expect(demo.stderr()).not.toContain("hunter2");
    expect(demo.stdout()).toBe("");
  });

  test("refuses a setting that does not exist, like the server", async () => {
    await using demo = run([process.execPath, "test/demo/main.ts"], { KRONICLE_PROT: "0" });
    expect(await demo.ended).toEqual({ code: 78, signal: null });
    expect(demo.stderr()).toContain("KRONICLE_PROT: there is no such setting");
  });
});
