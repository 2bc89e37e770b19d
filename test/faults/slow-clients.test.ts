import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { readResidentBytes } from "../bench/resident-bytes.ts";
import { createChannel, appendRows } from "../support/channels.ts";
import { as } from "../support/http.ts";
import { createTestDatabase, isNative } from "../support/database.ts";
import { onServer } from "../support/cluster/on-cluster.ts";
import { environmentFor, startServerProcess } from "../support/process.ts";
import { KEYS } from "../support/server.ts";
import { recordFigure } from "./figures.ts";
import { UNLIMITED } from "./unlimited.ts";

/** One byte a second of headers, of a body, or of an answer. */
const CLIENTS = { headers: 225, body: 225, reader: 50 };
/** Twice what the server allows each of them: a machine may be busy. */
const CLOSED_WITHIN_MS = { headers: 20_000, body: 60_000, reader: 120_000 };
const ROWS = 150_000;
const ROWS_OF_AN_APPEND = 10_000;
const PROBES = 200;
const START = Date.parse("2024-03-01T00:00:00Z");

type Kind = keyof typeof CLIENTS;
/** Connections that the server has open, as the system counts them. */
async function countConnections(url: string): Promise<number> {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
  const table = await readFile("/proc/net/tcp", "utf8");
  // Its own address and port, the other's, and 01 for an open connection.
  return table.match(new RegExp(`: [0-9A-F]{8}:${port} \\S+ 01 `, "g"))?.length ?? 0;
}

type SlowClient = { readonly kind: Kind; readonly socket: Socket; readonly closed: Promise<number> };

async function openSlowClient(url: string, kind: Kind, channelId: string): Promise<SlowClient> {
  const { port, hostname, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const since = performance.now();
  // Being cut off is what this is about; "close" follows.
  socket.on("error", () => {});
  const closed = once(socket, "close").then(() => performance.now() - since);
  const heads = {
    headers: `GET /api/v1/channels HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `,
    body: `POST /data/v1/channels HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${KEYS.writer}\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n`,
    reader: `GET /api/v1/channels/${channelId}/rows/export?format=ndjson HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${KEYS.reader}\r\n\r\n`,
  };
  socket.write(heads[kind]);
  // Who does not read is not told of the end, either: whether readers are cut off is asked at the other end.
  if (kind !== "reader") socket.resume();
  return { kind, socket, closed };
}

/** How long somebody waits who reads a channel again and again: usually, and the longest of a hundred but one. */
async function probe(url: string, channelId: string): Promise<string> {
  const waits: number[] = [];
  for (let count = 0; count < PROBES; count++) {
    const since = performance.now();
    await as("reader", { url }).get(`/api/v1/channels/${channelId}/rows`).query({ limit: 10 }).expect(200);
    waits.push(performance.now() - since);
    await sleep(20);
  }
  const sorted = waits.toSorted((left, right) => left - right);
  const [usual = 0, long = 0] = [0.5, 0.99].map((part) => sorted[Math.floor(PROBES * part)]);
  return `${usual.toFixed(0)} ms (p99 ${long.toFixed(0)} ms)`;
}

/** Filling the buffers of the network is work; once they are full, the database has nothing to do. */
async function untilStalled(databaseUrl: string): Promise<void> {
  const active =
    "select pid from pg_stat_activity where state = 'active' and datname = current_database() and pid <> pg_backend_pid()";
  for (let quiet = 0; quiet < 3; await sleep(500)) quiet = (await onServer(databaseUrl, active)).length === 0 ? quiet + 1 : 0;
}

test.runIf(isNative)("500 slow clients are closed, and others are answered meanwhile", { timeout: 300_000 }, async (context) => {
  await using database = await createTestDatabase();
  await using server = await startServerProcess({ ...environmentFor(database.settings), ...UNLIMITED });
  const id = await createChannel(server, { channel_schema: { note: "str" } });
  for (let first = 0; first < ROWS; first += ROWS_OF_AN_APPEND) {
    const rows = Array.from({ length: ROWS_OF_AN_APPEND }, (_, index) => ({
      time: new Date(START + (first + index) * 1_000).toISOString(),
      note: "an answer that fits into no buffer of the network",
    }));
    await appendRows(server, id, rows);
  }
  const calm = await probe(server.url, id);
  const bytesBefore = await readResidentBytes(server.pid);

  const opened = performance.now();
  const clients: SlowClient[] = [];
  for (const kind of ["headers", "body", "reader"] as const) {
    for (let count = 0; count < CLIENTS[kind]; count++) {
      clients.push(await openSlowClient(server.url, kind, id));
    }
  }
  const drip = setInterval(() => {
    for (const { kind, socket } of clients) {
      if (kind === "reader") socket.read(1);
      else if (socket.writable) socket.write(" ");
    }
  }, 1_000);
  await untilStalled(database.settings.databaseUrl ?? "");
  const busy = await probe(server.url, id);
  const bytesAfter = await readResidentBytes(server.pid);

  const slowest = { headers: 0, body: 0, reader: 0 };
  for (const { kind, closed } of clients) if (kind !== "reader") slowest[kind] = Math.max(slowest[kind], await closed);
  while ((await countConnections(server.url)) > 0 && performance.now() - opened < CLOSED_WITHIN_MS.reader) await sleep(500);
  slowest.reader = performance.now() - opened;
  clearInterval(drip);
  for (const { socket } of clients) socket.destroy();
  for (const kind of ["headers", "body", "reader"] as const) expect(slowest[kind]).toBeLessThan(CLOSED_WITHIN_MS[kind]);
  await as("reader", server).get(`/api/v1/channels/${id}`).expect(200);

  const seconds = Object.entries(slowest).map(([kind, ms]) => `${kind} after ${(ms / 1_000).toFixed(0)} s`);
  recordFigure(
    context,
    `closed: ${seconds.join(", ")}; another's reads take ${calm} without them, ${busy} with them; memory +${Math.round((bytesAfter - bytesBefore) / 1_048_576)} MiB`,
  );
});
