/** In charge of channels from a running service: those that are named, or all that have some tags. */
import { toTagFilter } from "../commands/tag-filter.ts";
import { createReader } from "../create-reader.ts";
import type { DescribedChannel } from "./name-channels.ts";
import { UsageError } from "../commands/usage-error.ts";

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
    for await (const channel of reader.listChannels({ tags: toTagFilter(tags) })) channels.set(channel.channel_id, channel);
  }
  if (channels.size === 0) throw new UsageError(`There is no such channel at ${url}.`);
  return [...channels.values()];
}
