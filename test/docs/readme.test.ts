import { describe, expect, test } from "vitest";
import { createFilledChannel } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { readBlocks } from "../support/documents/markdown.ts";
import { outcomeOf } from "../support/process.ts";
import { runTypeScript } from "../support/documents/run-typescript.ts";
import { KEYS, startTestServer, type TestServer } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";

async function readMarked(page: string, language: string): Promise<string> {
  const marked = (await readBlocks(page)).filter((block) => block.isMarked && block.language === language);
  expect(marked).toHaveLength(1);
  return marked[0]?.text ?? "";
}

const server = useTestServer();

/** What the reader of the page has been told to put there. */
function environment() {
  return { KRONICLE: server.url, ADMIN_KEY: KEYS.admin, WRITER_KEY: KEYS.writer, READER_KEY: KEYS.reader };
}

describe("README.md", () => {
  test("marks every example that is more than a command to start something", async () => {
    const blocks = await readBlocks("README.md");
    const unmarked = blocks.filter(({ isMarked, text, language }) => !isMarked && (language === "ts" || text.includes("curl")));
    expect(unmarked).toEqual([]);
  });

  test("has curl commands that create a channel, append rows and read them", async () => {
    // Answers end without a newline, and the third command needs what the first made.
    const oneAnswerPerLine = 'curl() { command curl "$@" && echo; }\nset -e\n';
    const script = oneAnswerPerLine + (await readMarked("README.md", "sh"));
    const { code, stdout, stderr } = await outcomeOf(["sh", "-c", script], environment());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

    const answers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { name: "thermo-1", available_rows: 0, tags: { room: "lab" } },
      { op_status: "success", op_details: { inserted_rows: 2 }, available_rows: 2 },
      {
        rows: [
          { time: "2024-03-01T00:01:00Z", temperature: 20.7, note: "window opened" },
          { time: "2024-03-01T00:00:00Z", temperature: 20.5, note: null },
        ],
        has_more: false,
      },
    ]);
  });

  test("has a TypeScript example that compiles and prints the row it has stored", async () => {
    const { code, stdout, stderr } = await runTypeScript(await readMarked("README.md", "ts"), environment());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z 20\.5 \n$/);
  });

  test("shows a problem as the server sends it", async () => {
    const problem = (await readBlocks("README.md")).find(({ language }) => language === "json");
    const rows: object[] = Array.from({ length: 18 }, () => ({ temperature: 20.5 }));
    rows[17] = { temperature: "20.5" };
    const { body } = await as("writer", server)
      .post("/data/v1/channels")
      .send({ name: "thermo-3", channel_schema: { temperature: "float" }, rows })
      .expect(400);
    expect(body).toMatchObject({ ...JSON.parse(problem?.text ?? "{}"), request_id: expect.any(String) });
  });
});

describe("client/README.md", () => {
  test("has examples that compile and work", async () => {
    // Its channel has the name of that of the other page.
    await using own = await startTestServer();
    const [first = "", ...others] = (await readBlocks("client/README.md"))
      .filter(({ language }) => language === "ts")
      .map(({ text }) => text);
    expect(others.length).toBeGreaterThan(3);
    const station = await createStation(own);

    // All go on from the first one, each by itself. The one that reads a station means another channel.
    const program = [first, ...others.map((text) => toBlock(text, /\bstation\b/.test(text) ? station : null))]
      .join("\n")
      .replaceAll("http://127.0.0.1:8000", own.url)
      .replaceAll(/krn_\w+_\.\.\./g, KEYS.admin);
    const { code, stdout, stderr } = await runTypeScript(program, {});

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z`;
    const firstMinutes = `${time} 20\\.5 null\n${time} 20\\.6 window opened\n20\\.6\n`;
    const reading = `2024-03-01T12:00:00Z 25 ok ${time}\n25\nthermo-1\n`;
    expect(stdout).toMatch(new RegExp(`^${firstMinutes}${reading}$`));

    // Setting up has deleted every row, and the last example has appended again what the first one has read.
    const { body } = await as("reader", own).get("/api/v1/channels").expect(200);
    expect(body).toMatchObject([
      { name: "station" },
      { name: "thermo-1", tags: { room: "lab", floor: 3 }, column_info: { temperature: { unit: "Cel" } }, available_rows: 2 },
    ]);
  });
});

/** A channel with a row that the example of reading selects; returns its id. */
async function createStation(own: TestServer): Promise<string> {
  const channel_schema = { temperature: "float", status: "str", note: "optional[str]", labels: "list", author: "dict" };
  const author = { name: { first: "Ann" } };
  const row = { time: "2024-03-01T12:00:00Z", temperature: 25, status: "ok", note: "x", labels: ["calibrated"], author };
  return createFilledChannel(own, { name: "station", channel_schema, rows: [row] });
}

/** Code in a scope of its own, with its imports before it. */
function toBlock(text: string, channelId: string | null): string {
  const imports = text.match(/^import .*$/gm) ?? [];
  const rest = text.replaceAll(/^import .*$/gm, "");
  return `${imports.join("\n")}\n{\n${channelId === null ? "" : `const channel_id = "${channelId}";\n`}${rest}\n}`;
}
