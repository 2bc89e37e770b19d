import { type FragmentSqlToken, sql } from "slonik";

/** A point in time within the text of a statement, so that it is planned for just this one. */
export function timeLiteral(time: string): FragmentSqlToken {
  return sql.fragment`${sql.literalValue(time)}::timestamptz`;
}
