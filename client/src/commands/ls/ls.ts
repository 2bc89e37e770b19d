/** In charge of `kronicle ls`. */
import type { Channel } from "../../channel/channel.ts";
import { createReader } from "../../create-reader.ts";
import { DEFAULT_URL, readToken } from "../connection.ts";
import { readArguments } from "../read-arguments.ts";
import { toTagFilter } from "../tag-filter.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const OPTIONS = {
  url: { type: "string" },
  tag: { type: "string", multiple: true },
  json: { type: "boolean" },
} as const;

const HEAD = ["NAME", "ID", "ROWS", "FIRST", "LAST", "TAGS"];
const CONTROL = /\p{C}/gu;

/**
 * Returns the exit code.
 *
 * @throws UsageError, and what the client throws.
 */
export async function listChannels(args: readonly string[], { env, stdout }: Terminal): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const { url = DEFAULT_URL, tag, json = false } = values;
  if (positionals.length > 0)
    throw new UsageError(`"${positionals[0]}" is not understood. Channels are told by --tag KEY[:VALUE].`);
  const reader = createReader({ baseUrl: url, token: readToken(env, "reader") });
  const channels: Channel[] = [];
  for await (const channel of reader.listChannels(tag ? { tags: toTagFilter(tag) } : {})) channels.push(channel);
  stdout.write(json ? `${JSON.stringify(channels, null, 2)}\n` : toTable([HEAD, ...channels.map(toCells)]));
  return 0;
}

function toCells({ name, channel_id, available_rows, first_time, last_time, tags }: Channel): string[] {
  const labels = Object.entries(tags).map(([key, value]) => `${key}:${[value].flat().join(",")}`);
  return [name ?? "", channel_id, String(available_rows), first_time ?? "", last_time ?? "", labels.join(" ")];
}

/** Names are the users': none may move the cursor. */
function toTable(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((cells) => cells.map((cell) => cell.replaceAll(CONTROL, "�")));
  const widths = HEAD.map((_, column) => Math.max(...clean.map((cells) => cells[column]?.length ?? 0)));
  const lines = clean.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}
