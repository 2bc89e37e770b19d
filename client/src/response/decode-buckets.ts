/** In charge of buckets on their way in, as `decode.ts` is of rows. */
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { components } from "../schema.generated.ts";
import { decoderOf } from "./decode.ts";

type Schemas = components["schemas"];
type Page = Schemas["BucketsPage"] | Schemas["BucketColumnsPage"];
/** An answer, or a bucket of it. */
type Part = { readonly values?: Readonly<Record<string, Record<string, unknown>>>; [name: string]: unknown };

const TIMES = new Set(["time", "end", "from", "to"]);

/** Buckets are changed in place, as rows are. */
export function decodeBuckets<Bucket>(definition: ChannelDefinition, buckets: Schemas["Bucket"][]): Bucket[] {
  decodeParts(definition, buckets);
  // The caller has compared the definition with the channel, so that the values are of these types.
  return buckets as Bucket[];
}

/** A page of buckets, or of their columns. */
export function decodeBucketsPage<Decoded>(definition: ChannelDefinition, page: Page): Decoded {
  decodeParts(definition, "buckets" in page ? [page, ...page.buckets] : [page]);
  const { has_more: hasMore, next_cursor: nextCursor, ...same } = page;
  // The caller has compared here too.
  return { ...same, hasMore, nextCursor } as Decoded;
}

function decodeParts(definition: ChannelDefinition, parts: readonly Part[]): void {
  for (const name of new Set(["time", ...Object.keys(definition.columns)])) {
    const decode = decoderOf(definition, name);
    if (!decode) continue;
    for (const part of parts) {
      const members = name === "time" ? part : (part.values?.[name] ?? {});
      for (const key of Object.keys(members)) {
        if (name === "time" && !TIMES.has(key)) continue;
        const value = members[key];
        // Counts and means are numbers, which stay what they are.
        members[key] = Array.isArray(value) ? value.map(decode) : decode(value);
      }
    }
  }
}
