import { createTestDatabase, isNative } from "../support/database.ts";
import { anonymous, as } from "../support/http.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { parseMetrics, valueOf } from "../support/network/scrape.ts";
import { describe, expect, test } from "vitest";

describe.skipIf(!isNative)("a server of several processes", () => {
  test("answers for all of them, whichever is asked", async () => {
    await using database = await createTestDatabase();
    await using server = await startServerProcess({ ...environmentFor(database.settings), KRONICLE_WORKERS: "3" });
    const scrape = async () => parseMetrics((await as("reader", server).get("/metrics").expect(200)).text);

    // Each on a connection of its own, so that the system deals them out.
    await Promise.all(Array.from({ length: 60 }, () => anonymous(server).get("/nowhere").set("Connection", "close").expect(404)));
    const labels = { operation: "none", status: "404" };
    await expect.poll(async () => valueOf(await scrape(), "kronicle_http_requests_total", labels)).toBe(60);
    for (let index = 0; index < 12; index++) expect(valueOf(await scrape(), "kronicle_http_requests_total", labels)).toBe(60);

    const samples = await scrape();
    expect(valueOf(samples, "kronicle_database_pool_size", { role: "writer" })).toBe(30);
    expect(valueOf(samples, "kronicle_build_info")).toBe(1);
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });
});
