import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { ChannelScope } from "../../access/channel-scope.ts";
import type { ChannelFilter } from "../channel-filter.ts";
import { countedText, type CountPlace, isAfterPlace, placeOf } from "./count-place.ts";
import { filterConditions } from "./filter-conditions.ts";

const tagValue = countedText.extend({
  /** As JSON. */
  value: z.string(),
});

/** The values that this tag has on live channels that fulfil the filter, after this place; of a list, each of its items. */
export function selectTagValues(
  connection: CommonQueryMethods,
  scope: ChannelScope,
  filter: ChannelFilter,
  key: string,
  after: CountPlace | null,
  limit: number,
): Promise<readonly z.infer<typeof tagValue>[]> {
  return connection.any(sql.type(tagValue)`
    select q.value, q.channels, q.start, q.hash
    from (
      select v.value::text as value, count(distinct c.id) as channels, ${placeOf(sql.fragment`v.value::text`)}
      from (
        select c.id, c.tags -> ${key}::text as tag
        from kronicle.channel c
        where c.tags ? ${key}::text and ${sql.join(filterConditions(scope, filter), sql.fragment` and `)}
      ) c
      cross join lateral jsonb_array_elements(case jsonb_typeof(c.tag) when 'array' then c.tag else jsonb_build_array(c.tag) end) as v (value)
      group by v.value::text
    ) q
    where ${isAfterPlace(after)}
    order by q.start, q.hash
    limit ${limit}::integer
  `);
}
