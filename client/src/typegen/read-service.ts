/** In charge of channels from a running service: those that are named, or all that have some tags. */
import { createReader } from "../create-reader.ts";
import type { LabelFilter } from "../reading/label-filter.ts";
import type { DescribedChannel } from "./name-channels.ts";
import { UsageError } from "./usage-error.ts";

type Wanted = {
  readonly url: string;
  readonly token: string;
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly tags: readonly string[];
};

/** @throws UsageError when there is no such channel, and what the client throws. */
export async function readChannels({ url, token, ids, names, tags }: Wanted): Promise<DescribedChannel[]> {
  // Somebody waits for it, or a pipeline does: trying for two minutes is not meant here.
  const reader = createReader({ baseUrl: url, token, retries: 1 });
  const channels = new Map<string, DescribedChannel>();
  for (const id of ids) {
    const channel = await reader.getChannel(id);
    channels.set(channel.channel_id, channel);
  }
  for (const name of names) {
    const { channels: found } = await reader.listChannels({ name }).page();
    if (found.length === 0) throw new UsageError(`There is no channel named "${name}" at ${url}.`);
    for (const channel of found) channels.set(channel.channel_id, channel);
  }
  // Some were named, so that the others are not wanted, unless tags say so.
  if (channels.size === 0 || tags.length > 0) {
    for await (const channel of reader.listChannels({ tags: toFilter(tags) })) channels.set(channel.channel_id, channel);
  }
  if (channels.size === 0) throw new UsageError(`There is no such channel at ${url}.`);
  return [...channels.values()];
}

/** `room:lab` is the tag with this value, and `room` alone the tag with any. */
function toFilter(tags: readonly string[]): LabelFilter {
  const values = new Map<string, string[]>();
  const present = new Set<string>();
  for (const tag of tags) {
    const [, key = "", value] = /^([^:]*)(?::(.*))?$/s.exec(tag) ?? [];
    if (value === undefined) present.add(key);
    else values.set(key, [...(values.get(key) ?? []), value]);
  }
  const wanted = [...present].filter((key) => !values.has(key)).map((key) => [key, { exists: true }] as const);
  return Object.fromEntries([...wanted, ...values]);
}
