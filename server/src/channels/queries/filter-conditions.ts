/** In charge of filters on channels as SQL. */
import { type FragmentSqlToken, sql } from "slonik";
import type { ChannelScope } from "../../access/channel-scope.ts";
import type { ChannelFilter } from "../channel-filter.ts";
import { labelCondition } from "./label-condition.ts";
import { scopeCondition } from "./scope-condition.ts";

/** What every live channel `c` fulfils that the filter finds within the scope. */
export function filterConditions(scope: ChannelScope, { name, tags, metadata }: ChannelFilter): FragmentSqlToken[] {
  return [
    sql.fragment`c.deleted_at is null`,
    scopeCondition(scope),
    ...(name === null ? [] : [sql.fragment`c.name = ${name}::text`]),
    ...tags.map((filter) => labelCondition(sql.fragment`c.tags`, filter)),
    ...metadata.map((filter) => labelCondition(sql.fragment`c.metadata`, filter)),
  ];
}
