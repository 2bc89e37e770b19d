/** In charge of comparing a definition with a channel before it is first written to, and only then. */
import type { Channel } from "../channel/channel.ts";
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import { checkWritable } from "../response/check-drift.ts";

export class FirstUse {
  /** For each definition, the ids of the channels that it fits. */
  readonly #fitting = new WeakMap<ChannelDefinition, Set<string>>();

  /** @throws SchemaDriftError, and what `getChannel` throws. */
  async check(definition: ChannelDefinition, channelId: string, getChannel: () => Promise<Channel>): Promise<void> {
    if (this.#fitting.get(definition)?.has(channelId)) return;
    checkWritable(definition, await getChannel());
    this.trust(definition, channelId);
  }

  /** Of a channel that the service has compared with the definition itself. */
  trust(definition: ChannelDefinition, channelId: string): void {
    const ids = this.#fitting.get(definition) ?? new Set();
    this.#fitting.set(definition, ids.add(channelId));
  }
}
