import { type FragmentSqlToken, sql } from "slonik";
import type { ChannelScope } from "../../access/channel-scope.ts";
import { labelCondition } from "./label-condition.ts";

/** True for each channel `c` that a credential of this scope may know of. */
export function scopeCondition(scope: ChannelScope): FragmentSqlToken {
  if (scope === null) return sql.fragment`true`;
  const { channels, tags } = scope;
  const conditions = [
    sql.fragment`true`,
    ...(channels === null ? [] : [sql.fragment`c.channel_id = any(${sql.array([...channels], "uuid")})`]),
    ...tags.map((filter) => labelCondition(sql.fragment`c.tags`, filter)),
  ];
  return sql.fragment`${sql.join(conditions, sql.fragment` and `)}`;
}
