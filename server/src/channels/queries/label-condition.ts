import { type FragmentSqlToken, sql } from "slonik";
import type { LabelFilter } from "../../formats/label-filter.ts";

/** One containment for each way to write the value: the index serves each, and none of them together in an array. */
export function labelCondition(labels: FragmentSqlToken, { key, values }: LabelFilter): FragmentSqlToken {
  if (values === null) return sql.fragment`${labels} ? ${key}::text`;
  const documents = values.flatMap((value) => [`{${JSON.stringify(key)}:${value}}`, `{${JSON.stringify(key)}:[${value}]}`]);
  return sql.fragment`(${sql.join(
    documents.map((document) => sql.fragment`${labels} @> ${document}::jsonb`),
    sql.fragment` or `,
  )})`;
}
