/**
 * In charge of times in SQL. As text, they are RFC 3339 in UTC, without a fraction or with exactly six digits, as kronicle.rfc3339() has
 * them. A page has many, and in a statement that is planned anew each time: that function would be slower, and PostgreSQL had to read its
 * body each time.
 */
import { type FragmentSqlToken, sql } from "slonik";

/** A point in time within the text of a statement, so that it is planned for just this one. */
export function timeLiteral(time: string): FragmentSqlToken {
  return sql.fragment`${sql.literalValue(time)}::timestamptz`;
}

/** How PostgreSQL itself writes a time: with a blank, no zone, and no more digits than needed. */
export function plainTime(time: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`(${time} at time zone interval '0')::text`;
}

/** What {@link plainTime} of this slot is called in the rows of a page. */
export function plainName(slot: string): FragmentSqlToken {
  return sql.fragment`${sql.identifier([`${slot}_text`])}`;
}

/** Without its Z. @param plain is looked at twice. */
export function timeDigits(plain: FragmentSqlToken): FragmentSqlToken {
  const digits = sql.fragment`replace(${plain}, ' ', 'T')`;
  return sql.fragment`case octet_length(${plain}) when 19 then ${digits} else rpad(${digits}, 26, '0') end`;
}

/** The same, always with six fraction digits: columns of times that are of different widths are read as text, by pandas in silence. */
export function wideDigits(plain: FragmentSqlToken): FragmentSqlToken {
  const digits = sql.fragment`replace(${plain}, ' ', 'T')`;
  return sql.fragment`rpad(case octet_length(${plain}) when 19 then ${digits} || '.' else ${digits} end, 26, '0')`;
}

/** Of texts with {@link wideDigits}, joined: none of them keeps its fraction when none needs it. @param joined is looked at twice. */
export function narrowTogether(joined: FragmentSqlToken): FragmentSqlToken {
  const narrow = sql.fragment`replace(${joined}, '.000000Z', 'Z')`;
  return sql.fragment`case strpos(${narrow}, '.') when 0 then ${narrow} else ${joined} end`;
}

/** RFC 3339 too, with as many digits as it takes: for a cursor, which nobody but this server reads. */
export function timeToGoOn(time: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`replace(${plainTime(time)}, ' ', 'T') || 'Z'`;
}
