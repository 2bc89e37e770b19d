import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { anonymous, as } from "../support/http.ts";
import { environmentFor, SERVER } from "../support/process.ts";
import { parseMetrics, valueOf } from "../support/network/scrape.ts";

/** In the path, which each line of the log has. */
const LONG = "x".repeat(50_000);
/** More than a pipe and the buffer hold. */
const REQUESTS = 150;

test("a server whose log nobody reads goes on, and says how many lines were dropped once somebody does", async () => {
  await using database = await createTestDatabase();
  const [program = "", ...args] = SERVER;
  const child = spawn(program, args, {
    cwd: new URL("../..", import.meta.url).pathname,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], KRONICLE_PORT: "0", ...environmentFor(database.settings) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  using ends = new DisposableStack();
  ends.defer(() => void child.kill("SIGKILL"));
  const [said] = await once(child.stdout, "data");
  const server = { url: /http:\/\/\S+/.exec(String(said))?.[0] ?? "" };

  for (let count = 0; count < REQUESTS; count++) await anonymous(server).get(`/nowhere/${LONG}`).expect(404);
  await anonymous(server).get("/health/live").expect(200);
  const { text: metrics } = await as("reader", server).get("/metrics").expect(200);
  const dropped = valueOf(parseMetrics(metrics), "kronicle_log_lines_dropped_total");
  expect(dropped).toBeGreaterThan(0);
  expect(dropped).toBeLessThan(REQUESTS);

  const log = text(child.stderr);
  // What comes after that finds room again.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await anonymous(server).get("/health/live").expect(200);
  child.kill("SIGTERM");
  const lines = (await log)
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "warn", count: expect.any(Number), msg: expect.stringContaining("dropped") }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ msg: "stopped" }));
});
