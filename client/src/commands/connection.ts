/** In charge of where a command asks, and with which key. */
import type { Channel } from "../channel/channel.ts";
import { isApiError } from "../errors/is-api-error.ts";
import type { Reader } from "../lanes/reader.ts";
import { UUID } from "../request/check-arguments.ts";
import type { Environment } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export const DEFAULT_URL = "http://127.0.0.1:8000";

/** From the lowest: a key of a higher lane may use the lower ones. */
const LANES = ["reader", "writer", "admin"] as const;

/** From the environment, since others see the arguments of a process. */
export function readToken(env: Environment, lane: "reader" | "writer"): string {
  const names = LANES.slice(LANES.indexOf(lane)).map((each) => `KRONICLE_${each.toUpperCase()}_KEY`);
  const token = names.map((name) => env[name]).find(Boolean);
  if (token) return token;
  throw new UsageError(`Set ${names[0]} to a key of the ${lane} lane, or of a higher one.`);
}

/** The channel of this id or name, or null when there is none. */
export async function findChannel(reader: Reader, channel: string): Promise<Channel | null> {
  const { channels } = await reader.listChannels({ name: channel }).page();
  const [named] = channels;
  if (named || !UUID.test(channel)) return named ?? null;
  return reader.getChannel(channel).catch((error: unknown) => {
    if (isApiError(error, "channel_not_found")) return null;
    throw error;
  });
}

/** @throws UsageError when there is no such channel. */
export async function requireChannel(reader: Reader, channel: string, url: string): Promise<Channel> {
  const found = await findChannel(reader, channel);
  if (found) return found;
  throw new UsageError(`There is no channel "${channel}" at ${url}. "kronicle ls" lists those that there are.`);
}
