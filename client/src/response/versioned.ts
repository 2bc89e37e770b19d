import type { VersionedChannel } from "../channel/versioned-channel.ts";
import type { components } from "../schema.generated.ts";

/** A channel with the version that its answer names. */
export function versioned(answer: {
  readonly data: components["schemas"]["Channel"];
  readonly response: Response;
}): VersionedChannel {
  return { ...answer.data, etag: answer.response.headers.get("ETag") };
}
