import { once } from "node:events";
import { createServer } from "node:net";
import { createReader, createWriter, defineChannel, PermissionError, RateLimitError } from "@kronicle/client";
import { startKronicle, type TestKronicle } from "@kronicle/client/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isNative } from "../../support/database.ts";
import { createDirectory } from "../../support/directory.ts";

const thermometer = defineChannel({ temperature: "float" });

// It brings its own database, and is the same whatever the suite runs on.
describe.skipIf(isNative)("a Kronicle for tests", () => {
  let server: TestKronicle;
  beforeAll(async () => {
    server = await startKronicle();
  });
  afterAll(() => server.stop());

  test("stores and answers, with a client that may use every lane", async () => {
    const { setup, writer, reader } = server.kronicle;
    const { channel_id } = await setup.createChannel({ name: "thermo-1", schema: thermometer });
    await writer.channel(channel_id, thermometer).append([{ temperature: 20.5 }]);
    expect(await reader.channel(channel_id, thermometer).latest()).toMatchObject({ temperature: 20.5 });
  });

  test("has a key for each lane, which opens that lane and none above", async () => {
    const { url, keys } = server;
    await createReader({ baseUrl: url, token: keys.reader }).listChannels().page();
    await createWriter({ baseUrl: url, token: keys.writer }).upsertChannel({ name: "thermo-2", schema: thermometer });

    const forbidden = createWriter({ baseUrl: url, token: keys.reader }).upsertChannel({ name: "thermo-3", schema: thermometer });
    await expect(forbidden).rejects.toBeInstanceOf(PermissionError);
  });

  test("finds nothing after a reset, and takes the same names again", async () => {
    const { writer, reader } = server.kronicle;
    await writer.upsertChannel({ name: "thermo-4", schema: thermometer, rows: [{ temperature: 1 }] });
    await server.reset();
    expect((await reader.listChannels().page()).channels).toEqual([]);

    const again = await writer.upsertChannel({ name: "thermo-4", schema: defineChannel({ note: "str" }) });
    expect(again).toMatchObject({ available_rows: 0, channel_schema: { note: "str" } });
  });

  test("is one of several that know nothing of each other", async () => {
    await server.kronicle.writer.upsertChannel({ name: "thermo-5", schema: thermometer });
    await using other = await startKronicle();
    expect((await other.kronicle.reader.listChannels().page()).channels).toEqual([]);
    expect(other.keys.reader).not.toBe(server.keys.reader);
  });

  test("stops once, with all that it has opened", async () => {
    const other = await startKronicle();
    await Promise.all([other.stop(), other[Symbol.asyncDispose]()]);
    await expect(fetch(other.url)).rejects.toThrow("fetch failed");
  });

  test("leaves a database alone that the environment names", async () => {
    // Whoever connects there is counted, and gets no answer.
    let connections = 0;
    const database = createServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(database, "listening");
    const address = database.address();
    const port = typeof address === "object" && address ? address.port : 0;
    vi.stubEnv("DATABASE_URL", `postgres://postgres@127.0.0.1:${port}/production`);
    try {
      await using other = await startKronicle();
      await other.kronicle.writer.upsertChannel({ name: "thermo-6", schema: thermometer });
      expect(connections).toBe(0);
    } finally {
      vi.unstubAllEnvs();
      database.close();
    }
  });

  test("does what its settings say, such as to limit the rate", async () => {
    await using strict = await startKronicle({ settings: { KRONICLE_RATE_LIMIT: "1" } });
    const reader = createReader({ baseUrl: strict.url, token: strict.keys.reader, retries: 0 });
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => reader.listChannels().page()));
    const refused = answers.filter((answer) => answer.status === "rejected").map(({ reason }) => reason);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((error) => error instanceof RateLimitError)).toBe(true);
  });

  test("refuses a setting that does not exist, by its name", async () => {
    await expect(startKronicle({ settings: { KRONICLE_PROT: "0" } })).rejects.toThrow("KRONICLE_PROT: there is no such setting");
  });

  test("can be started again in its own place, as a program under test sees a restart", async () => {
    await using directory = await createDirectory();
    const first = await startKronicle({ settings: { KRONICLE_DATA_DIR: `${directory.path}/data` } });
    const settings = {
      KRONICLE_DATA_DIR: `${directory.path}/data`,
      KRONICLE_PORT: new URL(first.url).port,
      KRONICLE_WRITER_KEY: first.keys.writer,
    };
    const writer = createWriter({ baseUrl: first.url, token: first.keys.writer });
    const { channel_id } = await writer.upsertChannel({ name: "thermo-7", schema: thermometer });
    await first.stop();

    await using second = await startKronicle({ settings });
    expect(second.url).toBe(first.url);
    await writer.channel(channel_id, thermometer).append([{ temperature: 20.5 }]);
    expect(await second.kronicle.reader.getChannel(channel_id)).toMatchObject({ available_rows: 1 });
  });
});
