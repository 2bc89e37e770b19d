import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { firstSteps } from "../../server/src/commands/welcome.ts";
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

/** What each curl command of a script answers. */
async function answersOf(script: string): Promise<unknown[]> {
  // Answers end without a newline, and later commands need what the first made.
  const oneAnswerPerLine = 'curl() { command curl "$@" && echo; }\nset -e\n';
  const { code, stdout, stderr } = await outcomeOf(["sh", "-c", oneAnswerPerLine + script], environment());
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("README.md", () => {
  test("marks every example that is more than a command to start something", async () => {
    const blocks = await readBlocks("README.md");
    const unmarked = blocks.filter(({ isMarked, text, language }) => !isMarked && (language === "ts" || text.includes("curl")));
    expect(unmarked).toEqual([]);
  });

  test("has curl commands that create a channel, append rows and read them", async () => {
    expect(await answersOf(await readMarked("README.md", "sh"))).toMatchObject([
      { name: "rest-1", available_rows: 0, tags: { room: "lab" } },
      { op_status: "success", op_details: { inserted_rows: 2 }, available_rows: 2 },
      {
        rows: [
          { time: "2024-03-01T00:01:00Z", temperature: 20.7, note: "window opened" },
          { time: "2024-03-01T00:00:00Z", temperature: 20.5, note: null },
        ],
        has_more: false,
      },
      { rows: [{ temperature: 20.7 }], has_more: false },
      { bucket: "PT1H", buckets: [{ count: 2, values: { temperature: { avg: expect.closeTo(20.6), max: 20.7 } } }] },
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
    // There are no other channels to be listed.
    await using own = await startTestServer();
    const { code, stdout, stderr } = await runTypeScript(await readClientProgram(own), {});

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z`;
    const firstMinutes = `${time} 20\\.5 null\n${time} 20\\.6 window opened\n20\\.6\n`;
    const reading = `2024-03-01T12:00:00Z 25 ok ${time}\n25\nclient-1\n`;
    expect(stdout).toMatch(new RegExp(`^${firstMinutes}${reading}$`));

    // Setting up has deleted every row, and the last example has appended again what the first one has read.
    const { body } = await as("reader", own).get("/api/v1/channels").expect(200);
    expect(body).toMatchObject([
      { name: "station" },
      { name: "client-1", tags: { room: "attic", floor: 3 }, column_info: { temperature: { unit: "Cel" } }, available_rows: 2 },
    ]);
  });
});

describe("all that a newcomer is told to try, on one server", () => {
  /** By its name: a script of curl commands, or a program. */
  async function readFirstSteps(): Promise<Map<string, () => Promise<void>>> {
    const shell = (script: string) => async () => {
      for (const answer of await answersOf(script)) expect(answer).not.toHaveProperty("code");
    };
    const program = (text: string) => async () => {
      const { code, stderr } = await runTypeScript(text, environment(), { isChecked: false });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    };
    const pages = (await readdir("docs/client")).filter((file) => file.endsWith(".md"));
    const tasks = pages.map(async (page) => {
      const blocks = await readBlocks(`docs/client/${page}`);
      const text = blocks.filter(({ language }) => language === "ts").map((block) => block.text);
      return [`docs/client/${page}`, program(text.join("\n"))] as const;
    });
    return new Map([
      ["what the first start prints", shell(firstSteps(server.url, KEYS).join("\n"))],
      ["README.md, over REST", shell(await readMarked("README.md", "sh"))],
      ["README.md, from TypeScript", program(await readMarked("README.md", "ts"))],
      ["client/README.md", program(await readClientProgram(server))],
      ...(await Promise.all(tasks)),
    ]);
  }

  test("works one after another, and in the reverse order once all is there", async () => {
    const steps = [...(await readFirstSteps())];
    expect(steps.length).toBeGreaterThan(8);
    for (const [name, run] of [...steps, ...steps.toReversed()]) {
      await run().catch((cause: unknown) => {
        throw new Error(`${name} does not work.`, { cause });
      });
    }
  }, 240_000);
});

/** All examples of client/README.md, as one program for this server. */
async function readClientProgram(own: TestServer): Promise<string> {
  const [first = "", ...others] = (await readBlocks("client/README.md"))
    .filter(({ language }) => language === "ts")
    .map(({ text }) => text);
  expect(others.length).toBeGreaterThan(3);
  const station = await createStation(own);

  // All go on from the first one, each by itself. The one that reads a station means another channel.
  return [first, ...others.map((text) => toBlock(text, /\bstation\b/.test(text) ? station : null))]
    .join("\n")
    .replaceAll("http://127.0.0.1:8000", own.url)
    .replaceAll(/krn_\w+_\.\.\./g, KEYS.admin);
}

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
