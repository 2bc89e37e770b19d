import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentFor, kronicle } from "../../support/process.ts";
import { as } from "../../support/http.ts";
import { createEmptyDatabase, createTestDatabase, isNative, type TestDatabase } from "../../support/database.ts";
import { createDirectory } from "../../support/directory.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { fill } from "./fill.ts";

type Settings = Parameters<typeof environmentFor>[0];

let directory: Awaited<ReturnType<typeof createDirectory>>;
let source: TestDatabase;
let ids: string[];
let before: unknown;
/** A dump of the source, and its lines but the first and the last, which say when it was made. */
let dump: string;
let lines: string[];

beforeAll(async () => {
  directory = await createDirectory();
  source = await createTestDatabase();
  await using server = await startTestServer({ ...source.settings, maxNewChunks: 1_000 });
  ids = await fill(server);
  before = await contentOf(server);
  await server.stop();
  dump = join(directory.path, "source.ndjson");
  await dumpTo(dump, source.settings);
  lines = await linesOf(dump);
}, 180_000);
afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

/** All that can be seen of the channels: definitions with their tags and versions, and rows with the times of their arrival. */
async function contentOf(server: TestServer) {
  const { body: channels } = await as("admin", server).get("/setup/v1/channels").expect(200);
  const inside = await Promise.all(
    ids.map(async (id) => {
      const { headers } = await as("admin", server).get(`/setup/v1/channels/${id}`).expect(200);
      const path = `/api/v1/channels/${id}/rows/export?format=ndjson&skip_received=false&sort=time`;
      const rows = await as("reader", server).get(path).responseType("text").expect(200);
      return { id, etag: headers["etag"], rows: String(rows.body) };
    }),
  );
  return { channels, inside };
}

function dumpTo(file: string, settings: Settings) {
  return kronicle(["dump", file], environmentFor(settings));
}

async function linesOf(file: string): Promise<string[]> {
  const bytes = await readFile(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.trimEnd().split("\n").slice(1, -1);
}

/** Databases of each kind that there is here: whatever the source is, one of the same and one of the other. */
const TARGETS = [
  { kind: "the same", create: createEmptyDatabase },
  ...(isNative
    ? [
        {
          kind: "the embedded",
          create: async () => {
            const own = await createDirectory();
            return {
              settings: { databaseUrl: null, dataDir: join(own.path, "data"), rolePrefix: null },
              [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
            };
          },
        },
      ]
    : []),
];

describe("a dump", () => {
  test("is a file for its owner's eyes, with counts and hashes, and nothing of deleted channels", async () => {
    expect((await stat(dump)).mode & 0o777).toBe(0o600);
    const text = await readFile(dump, "utf8");
    const first = JSON.parse(text.split("\n")[0] ?? "");
    expect(first).toMatchObject({ kronicle_dump: 1, channels: ids.length, rows: expect.any(Number) });
    const last = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
    expect(last).toEqual({
      end_of_dump: true,
      channels: ids.length,
      rows: first.rows,
      sha256: expect.stringMatching(/^\w{64}$/),
    });
    expect(lines.filter((line) => line.startsWith("["))).toHaveLength(first.rows);
    expect(text).not.toContain('"deleted"');
  });

  test("goes to stdout without a word in between, and tells on stderr what it was", async () => {
    const { code, stdout, stderr } = await dumpTo("-", source.settings);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n").slice(1, -1)).toEqual(lines);
    expect(stderr).toMatch(/^Dumped 5 channels and \d+ rows in [\d.]+ s \(sha256 \w{64}\)\.\n$/);
  });
});

describe.each(TARGETS)("restored into a database of $kind kind", ({ create }) => {
  test("all channels are as they were, to the last character, and go on from there", async () => {
    await using target = await create();
    const { code, stdout, stderr } = await kronicle(["restore", dump, "--json"], environmentFor(target.settings));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = lines.filter((line) => line.startsWith("[")).length;
    expect(JSON.parse(stdout)).toMatchObject({ channels: ids.length, rows });

    const again = join(directory.path, `again-${create.name}.ndjson.gz`);
    expect(await dumpTo(again, target.settings)).toMatchObject({ code: 0 });
    expect(await linesOf(again)).toEqual(lines);

    await using server = await startTestServer(target.settings);
    expect(await contentOf(server)).toEqual(before);

    // Rows to come stand behind all that were restored.
    const [, ordered] = ids;
    const late = '{"rows":[{"time":"2024-03-01T00:00:10.000001Z","n":3}]}';
    const path = `/data/v1/channels/${ordered}/rows`;
    await as("writer", server).post(path).type("application/json").send(late).expect(200);
    const { body } = await as("reader", server).get(`/api/v1/channels/${ordered}/rows?sort=time`).expect(200);
    const tens = body.rows.filter((row: { time: string }) => row.time.includes(":10."));
    expect(tens.map((row: { n: number }) => row.n)).toEqual([1, 2, 1, 2, 1, 2, 3]);
    expect(body.available_rows).toBe(13);

    const { body: audit } = await as("admin", server).get("/rbac/v1/audit?limit=5").expect(200);
    expect(audit).toContainEqual(expect.objectContaining({ action: "channels_restored", actor: null }));
  }, 180_000);
});
