import { type CommonQueryMethods, sql } from "slonik";
import type { ChannelFilter } from "../channel-filter.ts";
import type { ChannelScope } from "../../access/channel-scope.ts";
import { channelFields, channelTables, type StoredChannel, storedChannel } from "./channel-definition.ts";
import { labelCondition } from "./label-condition.ts";
import { scopeCondition } from "./scope-condition.ts";

/** Live channels that fulfil the filter, in order of creation, after the one with this internal id. */
export function selectChannelPage(
  connection: CommonQueryMethods,
  scope: ChannelScope,
  { name, tags, metadata }: ChannelFilter,
  after: number,
  limit: number,
): Promise<readonly StoredChannel[]> {
  const conditions = [
    sql.fragment`c.id > ${after}::integer`,
    sql.fragment`c.deleted_at is null`,
    scopeCondition(scope),
    ...(name === null ? [] : [sql.fragment`c.name = ${name}::text`]),
    ...tags.map((filter) => labelCondition(sql.fragment`c.tags`, filter)),
    ...metadata.map((filter) => labelCondition(sql.fragment`c.metadata`, filter)),
  ];
  return connection.any(sql.type(storedChannel)`
    select ${channelFields}
    from ${channelTables}
    where ${sql.join(conditions, sql.fragment` and `)}
    order by c.id
    limit ${limit}::integer
  `);
}
