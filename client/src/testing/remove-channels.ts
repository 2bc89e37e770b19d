import type { Kronicle } from "../kronicle.ts";

/** As many as one request may name, and as one page holds. */
const MOST_AT_ONCE = 1_000;

/** Removes every channel with its rows. */
export async function removeChannels({ setup }: Kronicle): Promise<void> {
  for (;;) {
    const { channels } = await setup.listChannels({ limit: MOST_AT_ONCE }).page();
    if (channels.length === 0) return;
    await setup.deleteChannels(channels.map(({ channel_id }) => channel_id));
  }
}
