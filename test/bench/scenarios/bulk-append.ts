/** Bulk append: batches of 1,000 rows on 100 channels, against psql's \copy of as many such rows in one stream into the same table. */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { KEYS } from "../../support/server.ts";
import { countChunks, createChannels, FILL_START, TABLE } from "../fill.ts";
import { valueA, valueB } from "../load/make-requests.ts";
import { runLoad } from "../load/run-load.ts";
import { measure } from "../measure.ts";
import { toResult } from "../result.ts";
import type { Scenario } from "../scenario.ts";

const CHANNELS = 100;
const ROWS_PER_REQUEST = 1_000;
const REQUESTS = 400;

export const bulkAppend: Scenario = {
  name: "bulk-append",
  run: async (stage) => {
    const server = await stage.start();
    const paths = (await createChannels(server.url, CHANNELS)).map((id) => `/data/v1/channels/${id}/rows`);
    const requests = Math.round(REQUESTS * stage.size.share);
    const rows = requests * ROWS_PER_REQUEST;
    let startMs = FILL_START;
    const nextStart = () => (startMs += rows) - rows;

    const append = (connections: number, isKeyed: boolean) => async () => {
      await stage.query("checkpoint");
      const work = { kind: "append", paths, rowsPerRequest: ROWS_PER_REQUEST, startMs: nextStart(), isKeyed } as const;
      const { seconds } = await runLoad({ url: server.url, token: KEYS.writer, connections, requests, work });
      return rows / seconds;
    };
    const directory = await mkdtemp(join(tmpdir(), "kronicle-bench-"));
    try {
      const copy = async () => {
        const file = join(directory, "copy.sql");
        await pipeline(Readable.from(copyScript(nextStart(), rows)), createWriteStream(file));
        await stage.query("checkpoint");
        const [ms = Number.NaN] = await stage.psql({ file });
        return (rows * 1_000) / ms;
      };
      const sides = { copy, c4: append(4, false), c8: append(8, false), keyed: append(8, true) };
      const figures = await measure(sides, stage.size.rounds);
      const notes = [`${await countChunks(stage)} chunks`];
      const rest = {
        scenario: "bulk-append",
        unit: "rows/s",
        limit: { label: String.raw`psql \copy`, figures: figures.copy },
        notes,
      };
      return [
        toResult({ ...rest, label: "4 connections", ours: figures.c4, target: 0.5 }),
        toResult({ ...rest, label: "8 connections", ours: figures.c8, target: 0.5 }),
        toResult({ ...rest, label: "8 connections, each with an Idempotency-Key", ours: figures.keyed, target: 0.5 }),
      ];
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

/** The rows in the order in which the requests bring them: a batch of one channel, then one of the next. */
function* copyScript(startMs: number, rows: number): Generator<string> {
  yield `\\copy ${TABLE} (_channel, time, float8_1, float8_2) from stdin csv\n`;
  for (let first = 0; first < rows; first += ROWS_PER_REQUEST) {
    const channel = ((first / ROWS_PER_REQUEST) % CHANNELS) + 1;
    yield Array.from({ length: ROWS_PER_REQUEST }, (_, place) => {
      const ms = startMs + first + place;
      return `${channel},${new Date(ms).toISOString()},${valueA(ms)},${valueB(ms)}\n`;
    }).join("");
  }
  yield "\\.\n";
}
