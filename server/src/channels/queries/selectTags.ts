import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { ChannelScope } from "../../access/channel-scope.ts";
import type { ChannelFilter } from "../channel-filter.ts";
import { countedText, type CountPlace, isAfterPlace, placeOf } from "./count-place.ts";
import { filterConditions } from "./filter-conditions.ts";

const tag = countedText.extend({ key: z.string() });

/** The keys of the tags of live channels that fulfil the filter, after this place. */
export function selectTags(
  connection: CommonQueryMethods,
  scope: ChannelScope,
  filter: ChannelFilter,
  after: CountPlace | null,
  limit: number,
): Promise<readonly z.infer<typeof tag>[]> {
  return connection.any(sql.type(tag)`
    select q.key, q.channels, q.start, q.hash
    from (
      select k.key, count(*) as channels, ${placeOf(sql.fragment`k.key`)}
      from kronicle.channel c
      cross join lateral jsonb_object_keys(c.tags) as k (key)
      where ${sql.join(filterConditions(scope, filter), sql.fragment` and `)}
      group by k.key
    ) q
    where ${isAfterPlace(after)}
    order by q.start, q.hash
    limit ${limit}::integer
  `);
}
