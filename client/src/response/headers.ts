/** In charge of what an answer says in its headers. */
import type { VersionedChannel } from "../channel/versioned-channel.ts";
import type { components } from "../schema.generated.ts";

/** The first media type of a header, without parameters; empty when there is none. */
export function mediaType(header: string | null): string {
  return /[^;,\s]*/.exec(header ?? "")?.[0].toLowerCase() ?? "";
}

/** A channel with the version that its answer names. */
export function versioned(answer: {
  readonly data: components["schemas"]["Channel"];
  readonly response: Response;
}): VersionedChannel {
  return { ...answer.data, etag: answer.response.headers.get("ETag") };
}

const NEXT_QUERY = /\?([^>]*)>\s*;\s*rel="?next"?/i;

/** Where the next page begins (`Link`, RFC 8288), if there is one. Only the cursor is taken: a proxy may serve other paths. */
export function nextPage({ headers }: Response): { hasMore: boolean; nextCursor: string | null } {
  const query = NEXT_QUERY.exec(headers.get("Link") ?? "")?.[1];
  const nextCursor = new URLSearchParams(query).get("cursor");
  return { hasMore: nextCursor !== null, nextCursor };
}
