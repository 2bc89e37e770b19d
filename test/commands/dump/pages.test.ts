import { expect, test } from "vitest";
import { type ChannelText, channelText } from "../../../server/src/commands/dump/channel-text.ts";
import { openOwner } from "../../../server/src/db/open-owner.ts";
import { selectDumpedChannel } from "../../../server/src/commands/dump/queries/selectDumpedChannel.ts";
import { withSnapshot } from "../../../server/src/db/pool/with-snapshot.ts";
import { createChannel } from "../../support/channels.ts";
import { as } from "../../support/http.ts";
import { createTestDatabase } from "../../support/database.ts";
import { startTestServer } from "../../support/server.ts";

const MEGABYTE = 1_000_000;

test("a page of a dump stays small when rows are suddenly large", async () => {
  await using database = await createTestDatabase();
  await using server = await startTestServer(database.settings);
  const id = await createChannel(server, { channel_schema: { note: "optional[str]" } });
  const append = (rows: object[]) => as("writer", server).post(`/data/v1/channels/${id}/rows`).send({ rows }).expect(200);
  const time = (n: number) => new Date(Date.UTC(2024, 0, 1) + n).toISOString();
  await append(Array.from({ length: 12_000 }, (_, n) => ({ time: time(n), note: n % 2 === 0 ? null : "small" })));
  // Texts that compress well: their size in the storage says little.
  for (let n = 0; n < 9; n += 3) {
    await append([0, 1, 2].map((m) => ({ time: time(20_000 + n + m), note: String(n + m).repeat(MEGABYTE) })));
  }
  await server.stop();

  const owner = await openOwner(server.context.config);
  try {
    const pages = await withSnapshot(owner, async (snapshot) => {
      const found = await snapshot((connection) => selectDumpedChannel(connection, 0));
      const all: ChannelText[] = [];
      if (found) for await (const page of channelText(snapshot, found)) all.push(page);
      return all;
    });
    expect(pages.reduce((sum, { rows }) => sum + rows, 0)).toBe(12_009);
    expect(
      pages
        .map(({ text }) => text)
        .join("")
        .trimEnd()
        .split("\n"),
    ).toHaveLength(12_010);
    expect(Math.max(...pages.map(({ text }) => text.length))).toBeLessThan(6 * MEGABYTE);
    // Small rows still come by the thousand.
    expect(pages.length).toBeLessThan(8);
  } finally {
    await owner.close();
  }
});
