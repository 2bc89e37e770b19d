import type { CallOptions } from "./call-options.ts";

/**
 * On which version of a channel's definition a change builds.
 *
 * @example
 * ```ts
 * import { createKronicle, isApiError, type MatchOptions } from "@kronicle/client";
 *
 * const { setup } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 * const { channel_id, etag } = await setup.getChannel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10");
 * const unchanged: MatchOptions = { ifMatch: etag };
 * await setup.deleteChannel(channel_id, unchanged).catch((error: unknown) => {
 *   if (!isApiError(error, "precondition_failed")) throw error;
 * });
 * ```
 */
export type MatchOptions = CallOptions & {
  /**
   * The `etag` of a result: the change fails with `precondition_failed` if the definition has changed since. Null, which is an
   * `etag` that was lost on the way, is a TypeError. Default: change whatever is there.
   */
  readonly ifMatch?: string | null | undefined;
};
