import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { ChannelFilter } from "../channel-filter.ts";
import type { ChannelScope } from "../../access/channel-scope.ts";
import { channelFields, channelTables, type StoredChannel, storedChannel } from "./channel-definition.ts";
import { filterConditions } from "./filter-conditions.ts";

type PageBounds = {
  readonly limit: number;
  readonly maxBytes: number;
  /** What is shown of each channel; all by default. */
  readonly fields?: FragmentSqlToken;
};

const listedChannel = storedChannel.extend({ is_on_page: z.boolean() });

type ListedChannel = StoredChannel & { readonly is_on_page: boolean };

/**
 * Live channels that fulfil the filter, in order of creation, after the one with this internal id: as many as the page has room for, but one
 * at least, and one more that is not on the page. Of that only the id is worth anything.
 *
 * No more channels are read than that: counting stops with the first that is beyond, for their number can only grow.
 */
export function selectChannelPage(
  connection: CommonQueryMethods,
  scope: ChannelScope,
  filter: ChannelFilter,
  after: number,
  { limit, maxBytes, fields = channelFields }: PageBounds,
): Promise<readonly ListedChannel[]> {
  const conditions = [sql.fragment`c.id > ${after}::integer`, ...filterConditions(scope, filter)];
  return connection.any(sql.type(listedChannel)`
    select
      q.id,
      q.channel_id,
      q.name,
      q.version,
      q.schema_version,
      q.columns,
      q.series_table,
      q.table_name,
      q.slots,
      q.chunk_days,
      case when q.beyond = 0 then q.definition else '' end as definition,
      q.row_count,
      q.first_time,
      q.last_time,
      q.beyond = 0 as is_on_page
    from (
      select
        q.*,
        count(case when q.n > ${limit}::bigint or (q.n > 1 and q.bytes > ${maxBytes}::bigint) then 1 end)
          over (rows unbounded preceding) as beyond
      from (
        select
          row_number() over (rows unbounded preceding) as n,
          sum(octet_length(q.definition)::double precision) over (rows unbounded preceding) as bytes,
          q.*
        from (
          select ${fields}
          from ${channelTables}
          where ${sql.join(conditions, sql.fragment` and `)}
          order by c.id
          limit ${limit + 1}::integer
        ) q
      ) q
    ) q
    where q.beyond < 2
    order by q.n
  `);
}
