import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../support/process.ts";
import { KEYS, startTestServer } from "../support/server.ts";

/** The first `node` of this machine that is not the one that the workspace pins for itself, if it is 20 or newer. */
function findHostNode(): { path: string; version: string } | null {
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(directory, "node");
    if (directory.includes("node_modules") || !existsSync(path)) continue;
    const version = execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
    return Number(/^v(\d+)/.exec(version)?.[1]) >= 20 ? { path, version } : null;
  }
  return null;
}

/** Does a bit of everything, as plain JavaScript, and prints what came of it. */
const PROGRAM = `
  import { createKronicle, defineChannel, isApiError, NetworkError } from "@kronicle/client";

  const definition = defineChannel({ count: "int64", temperature: "float", note: "optional[str]" });
  const kronicle = createKronicle({ baseUrl: process.env.BASE_URL, token: process.env.TOKEN });
  const { channel_id } = await kronicle.writer.upsertChannel({
    name: "node",
    schema: definition,
    rows: [{ time: new Date("2024-03-01T00:00:00.5Z"), count: 9007199254740993n, temperature: 20.5 }],
  });
  await kronicle.writer.channel(channel_id, definition).append([
    { time: "2024-03-01T02:00:00.000001+02:00", count: -1n, temperature: -0.5, note: "früh 🌡" },
  ]);

  const channel = kronicle.reader.channel(channel_id, definition);
  const rows = [];
  for await (const row of channel.rows({ limit: 1, sort: "time", from: "2024-03-01T02:00:00+02:00" })) rows.push(row);
  const { columns } = await channel.columns({ columns: ["count"] });
  const { channels } = await kronicle.reader.listChannels().page();

  const thrown = (promise) => promise.catch((error) => error);
  const conflict = await thrown(kronicle.setup.createChannel({ name: "node", schema: definition }));
  const large = await thrown(
    kronicle.writer.channel(channel_id, definition).append([{ count: 1n, temperature: 1, note: "x".repeat(5 * 1024 * 1024) }]),
  );
  const closed = createKronicle({ baseUrl: "http://127.0.0.1:9", token: process.env.TOKEN });
  const unreached = await thrown(closed.reader.listChannels().page());

  console.log(JSON.stringify(
    {
      version: process.version,
      rows,
      columns,
      channels: channels.map(({ name, available_rows }) => [name, available_rows]),
      errors: [
        isApiError(conflict, "channel_exists") && conflict.status,
        isApiError(large, "body_too_large") && large.status,
        unreached instanceof NetworkError,
      ],
    },
    (_key, value) => (typeof value === "bigint" ? value + "n" : value),
  ));
`;

const host = findHostNode();

describe.skipIf(host === null)("the built client on the host's own Node", () => {
  test("writes, reads, lists, and tells errors apart", async () => {
    await using server = await startTestServer();
    // The packages of the suite are to be found from here.
    const environment = { BASE_URL: server.url, TOKEN: KEYS.admin };
    const command = ["sh", "-c", 'cd test && exec "$0" --input-type=module --eval "$1"', host?.path ?? "", PROGRAM];
    await using program = run(command, environment);
    const { code } = await program.ended;

    expect({ code, stderr: program.stderr() }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(program.stdout())).toEqual({
      version: host?.version,
      rows: [
        { time: "2024-03-01T00:00:00.000001Z", count: "-1n", temperature: -0.5, note: "früh 🌡" },
        { time: "2024-03-01T00:00:00.500000Z", count: "9007199254740993n", temperature: 20.5, note: null },
      ],
      columns: { time: ["2024-03-01T00:00:00.500000Z", "2024-03-01T00:00:00.000001Z"], count: ["9007199254740993n", "-1n"] },
      channels: [["node", 2]],
      errors: [409, 413, true],
    });
  });
});
