/// <reference lib="esnext.disposable" preserve="true" />
import { createKronicle } from "../create-kronicle.ts";
import type { Kronicle } from "../kronicle.ts";
import { loadServer } from "./load-server.ts";
import type { StartOptions } from "./start-options.ts";
import type { TestKronicle } from "./test-kronicle.ts";

/** As many channels as one request may name, and as one page holds. */
const MAX_CHANNELS = 1_000;

/**
 * Starts a real Kronicle in this process, for tests: on a free port, in memory, with a key for each lane, without a log and without a
 * rate limit. It takes about two seconds, so start one for a file of tests, and call `reset` between them. Needs
 * `@kronicle/server` beside this package, and Node 24.
 *
 * Nothing is read from the environment: a `DATABASE_URL` that happens to be there is not touched.
 *
 * @throws Error when `@kronicle/server` is missing or does not fit, and when a setting cannot be used.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { test } from "node:test";
 * import { defineChannel } from "@kronicle/client";
 * import { startKronicle } from "@kronicle/client/testing";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 *
 * test("stores what it is given", async () => {
 *   await using server = await startKronicle();
 *   const { writer, reader } = server.kronicle;
 *
 *   const { channel_id } = await writer.upsertChannel({ name: "thermo-1", schema: thermometer, rows: [{ temperature: 20.5 }] });
 *
 *   assert.equal((await reader.channel(channel_id, thermometer).latest())?.temperature, 20.5);
 * });
 * ```
 */
export async function startKronicle({ settings = {} }: StartOptions = {}): Promise<TestKronicle> {
  const server = await loadServer();
  const keys = {
    reader: settings["KRONICLE_READER_KEY"] ?? makeKey("reader"),
    writer: settings["KRONICLE_WRITER_KEY"] ?? makeKey("writer"),
    admin: settings["KRONICLE_ADMIN_KEY"] ?? makeKey("admin"),
  };
  const { url, stop } = await server.startKronicle({
    KRONICLE_DATA_DIR: ":memory:",
    KRONICLE_PORT: "0",
    KRONICLE_LOG_LEVEL: "silent",
    KRONICLE_RATE_LIMIT: "0",
    ...settings,
    KRONICLE_READER_KEY: keys.reader,
    KRONICLE_WRITER_KEY: keys.writer,
    KRONICLE_ADMIN_KEY: keys.admin,
  });
  const kronicle = createKronicle({ baseUrl: url, token: keys.admin });
  return { url, keys, kronicle, reset: () => removeChannels(kronicle), stop, [Symbol.asyncDispose]: stop };
}

function makeKey(lane: string): string {
  return `${lane}-key-${crypto.randomUUID()}`;
}

/** Removes every channel with its rows. */
async function removeChannels({ setup }: Kronicle): Promise<void> {
  for (;;) {
    const { channels } = await setup.listChannels({ limit: MAX_CHANNELS }).page();
    if (channels.length === 0) return;
    await setup.deleteChannels(channels.map(({ channel_id }) => channel_id));
  }
}
