/** In charge of `kronicle typegen`. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { DEFAULT_URL, readToken } from "../commands/connection.ts";
import { OutdatedError } from "./outdated-error.ts";
import { readChannelFile } from "./read-file.ts";
import { readChannels } from "./read-service.ts";
import { UsageError } from "../commands/usage-error.ts";
import { writeDefinitions } from "./write-definitions.ts";

const OPTIONS = {
  url: { type: "string" },
  channel: { type: "string", multiple: true },
  name: { type: "string", multiple: true },
  tag: { type: "string", multiple: true },
  from: { type: "string" },
  out: { type: "string" },
  check: { type: "boolean" },
  dates: { type: "boolean" },
} as const;

/**
 * Returns what goes to stdout.
 *
 * @throws OutdatedError, UsageError for what the caller can mend, and what the client throws.
 */
export async function typegen(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const { url, channel = [], name = [], tag = [], from, out, check = false, dates = false } = readArguments(args);
  const isNamed = [channel, name, tag].some((wanted) => wanted.length > 0);
  if (from !== undefined && (url !== undefined || isNamed)) {
    throw new UsageError(
      "--from takes all channels of its file, and asks no service: --url, --channel, --name and --tag do not go with it.",
    );
  }
  if (check && out === undefined) throw new UsageError("--check needs --out: the file to compare with.");

  const channels =
    from === undefined
      ? await readChannels({ url: url ?? DEFAULT_URL, token: readToken(env, "reader"), ids: channel, names: name, tags: tag })
      : await readChannelFile(from);
  const text = writeDefinitions(channels, { times: dates ? "date" : "exact" });
  if (out === undefined) return text;
  if (!check) {
    await writeFile(out, text);
    return `${out}: ${channels.length} ${channels.length === 1 ? "channel" : "channels"}\n`;
  }
  // One that is missing is not what it should be either.
  if ((await readFile(out, "utf8").catch(() => null)) === text) return "";
  throw new OutdatedError(`${out} is not what the channels are now. Run the same without --check, and look at the difference.`);
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
