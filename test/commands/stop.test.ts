import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase, isNative } from "../support/database.ts";
import { environmentFor, run, SERVER, startServerProcess } from "../support/process.ts";
import { as } from "../support/http.ts";
import { KEYS } from "../support/server.ts";

const BODY = JSON.stringify({
  name: "in flight",
  channel_schema: { value: "float" },
  rows: [{ time: "2024-03-01T00:00:00Z", value: 1.5 }],
});

/** A request of which the server has all but the last byte of the body. */
async function startRequest(url: string) {
  const upload = request(`${url}/data/v1/channels`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${KEYS.writer}`,
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(BODY),
      // The server's answer to this says that it has taken the request.
      Expect: "100-continue",
    },
  });
  upload.flushHeaders();
  await once(upload, "continue");
  upload.write(BODY.slice(0, -1));
  return {
    finish: async () => {
      upload.end(BODY.slice(-1));
      const [response] = await once(upload, "response");
      return { status: response.statusCode, headers: response.headers, body: JSON.parse(await text(response)) };
    },
  };
}

/** Whether a new connection is turned away. */
async function isRefusing(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  try {
    await once(socket, "connect");
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  test("takes no new connection, answers what was begun, exits 0, and leaves the database to the next", async () => {
    await using database = await createTestDatabase();
    const environment = environmentFor(database.settings);
    await using server = await startServerProcess(environment);
    const upload = await startRequest(server.url);

    const ended = server.end(signal);
    await expect.poll(() => isRefusing(server.url), { timeout: 10_000 }).toBe(true);
    const { status, headers, body } = await upload.finish();
    expect(status).toBe(201);
    // Kept open, the connection would hold up the end until it is cut off.
    expect(headers.connection).toBe("close");
    expect(body.available_rows).toBe(1);
    expect(await ended).toEqual({ code: 0, signal: null });
    await using next = await startServerProcess(environment);
    const { body: rows } = await as("reader", next).get(`/api/v1/channels/${body.channel_id}/rows`).expect(200);
    expect(rows.rows).toEqual([{ time: "2024-03-01T00:00:00Z", value: 1.5 }]);
  });
});

describe.each(["SIGTERM", "SIGINT"] as const)("%s to a server that still waits for its database", (signal) => {
  test("ends it with 0, even where signals do nothing by default", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = z.object({ port: z.int() }).parse(silent.address());
    await using server = run(SERVER, { KRONICLE_PORT: "0", DATABASE_URL: `postgres://app:app@127.0.0.1:${port}/none` });
    await once(silent, "connection");
    expect(await server.end(signal)).toEqual({ code: 0, signal: null });
    silent.close();
  });
});

describe.skipIf(isNative)("the directory of a server that was stopped", () => {
  test("names no owner", async () => {
    await using database = await createTestDatabase();
    await using server = await startServerProcess(environmentFor(database.settings));
    const path = `${database.settings.dataDir}/owner.json`;
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ pid: server.pid, url: server.url });
    await server.end("SIGTERM");
    await expect(access(path)).rejects.toThrow("ENOENT");
  });
});

describe("an idle connection", () => {
  test("does not keep a server from stopping", async () => {
    await using database = await createTestDatabase();
    await using server = await startServerProcess(environmentFor(database.settings));
    // fetch keeps its connection open for the next request.
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
  });
});
