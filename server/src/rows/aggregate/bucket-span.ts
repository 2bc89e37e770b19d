import { instantOfMicros, narrowTime } from "../../formats/instant.ts";
import type { BucketPage } from "./bucket-page.ts";
import { formatBucketWidth } from "./bucket-width.ts";

/** What an answer says of its buckets as a whole: of which channel, range and length they are, and where they go on. */
export function describeSpan({ channel, query, grid, nextCursor }: BucketPage) {
  const width = grid ? grid.width : query.width;
  return {
    channel_id: channel.channel_id,
    name: channel.name,
    bucket: width && formatBucketWidth(width),
    tz: query.tz,
    from: grid ? narrowTime(instantOfMicros(grid.from).text) : query.from && narrowTime(query.from.text),
    to: grid ? narrowTime(instantOfMicros(grid.to).text) : query.to && narrowTime(query.to.text),
    has_more: nextCursor !== null,
    next_cursor: nextCursor,
  };
}
