import { createReader } from "@kronicle/client";
import { expect, test } from "vitest";
import { thermometer } from "../../client/examples/sensor/thermometer.ts";
import { startHttpServer } from "../client/http-server.ts";
import { createTestDatabase } from "../support/database.ts";
import { environmentFor, run } from "../support/process.ts";
import { KEYS, startTestServer } from "../support/server.ts";
import { passOn } from "./pass-on.ts";
import { type Moment, startRestartingServer } from "./restarting-server.ts";

const SENSOR = [process.execPath, "client/examples/sensor/main.ts"];

const READINGS = 100_000;

/** Each of these ends a server with a batch under way. */
const MOMENTS: readonly Moment[] = ["before", "after", "before", "after", "before"];

/** The numbers of all readings, in order. */
async function readNumbers(baseUrl: string, name: string): Promise<number[]> {
  const reader = createReader({ baseUrl, token: KEYS.reader });
  const [channel] = (await reader.listChannels({ name }).page()).channels;
  const numbers: number[] = [];
  const stored = reader.channel(channel?.channel_id ?? "", thermometer).ndjson({ columns: ["reading"] });
  for await (const { reading } of stored) numbers.push(reading);
  return numbers.toSorted((left, right) => left - right);
}

test(`a sensor that stores ${READINGS} readings at full speed while its server is killed five times stores each once`, async () => {
  await using database = await createTestDatabase();
  await using server = await startRestartingServer(environmentFor(database.settings), {
    moments: MOMENTS,
    acknowledgedBetween: 3,
  });
  const environment = { KRONICLE: server.url, WRITER_KEY: KEYS.writer };
  await using sensor = run([...SENSOR, "--interval-ms", "0", "--readings", String(READINGS)], environment);

  expect(await sensor.ended).toEqual({ code: 0, signal: null });
  expect(sensor.stdout()).toBe(`${READINGS} readings are stored.\n`);
  expect(server.kills).toEqual(MOMENTS);
  // As one text: a difference of many thousand numbers takes minutes to print.
  const numbers = await readNumbers(server.url, "sensor-1");
  expect(numbers.length).toBe(READINGS);
  expect(numbers.every((number, index) => number === index)).toBe(true);
}, 240_000);

test("a sensor that is told to end stores what it has measured first", async () => {
  await using server = await startTestServer();
  await using sensor = run([...SENSOR, "--name", "attic", "--interval-ms", "1"], {
    KRONICLE: server.url,
    WRITER_KEY: KEYS.writer,
  });
  await expect.poll(() => countRows(server.url, "attic"), { timeout: 30_000 }).toBeGreaterThan(0);
  await sensor.end("SIGTERM");

  const [, count] = /^(\d+) readings are stored\.\n$/.exec(sensor.stdout()) ?? [];
  expect(await readNumbers(server.url, "attic")).toEqual([...Array(Number(count)).keys()]);
});

test("a sensor that is started before its server waits for it", async () => {
  await using server = await startTestServer();
  let refused = 0;
  await using door = await startHttpServer((request, response) => {
    // The client gives up after five attempts, and the sensor does not.
    if (refused === 6) passOn(server.url, request, response);
    else {
      refused += 1;
      request.socket.destroy();
    }
  });
  const environment = { KRONICLE: door.url, WRITER_KEY: KEYS.writer };
  await using sensor = run([...SENSOR, "--name", "cellar", "--interval-ms", "0", "--readings", "3"], environment);

  expect(await sensor.ended).toEqual({ code: 0, signal: null });
  expect(sensor.stderr()).toMatch(/^POST .* got no answer, or not all of it\. Trying again\.\n$/);
  expect(await readNumbers(server.url, "cellar")).toEqual([0, 1, 2]);
});

async function countRows(baseUrl: string, name: string): Promise<number> {
  const { channels } = await createReader({ baseUrl, token: KEYS.reader }).listChannels({ name }).page();
  return channels[0]?.available_rows ?? 0;
}
