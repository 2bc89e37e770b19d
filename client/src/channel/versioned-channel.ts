import type { Channel } from "./channel.ts";

/**
 * A channel with the version of its definition, for `ifMatch`. Appends do not change it.
 *
 * @example
 * ```ts
 * import { createKronicle, type VersionedChannel } from "@kronicle/client";
 *
 * const { setup } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 *
 * // Fails with `precondition_failed` if somebody else has changed the channel meanwhile.
 * async function countUp({ channel_id, metadata, etag }: VersionedChannel): Promise<void> {
 *   const visits = Number(metadata["visits"] ?? 0) + 1;
 *   await setup.patchChannel(channel_id, { metadata: { visits } }, { ifMatch: etag });
 * }
 * await countUp(await setup.getChannel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"));
 * ```
 */
export type VersionedChannel = Channel & {
  /** Null when it was lost on the way: a proxy removed the header, or does not show it to pages of other origins. */
  etag: string | null;
};
