/** In charge of what is the newest of several rows, in SQL. */
import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import { parseInstant } from "../../../formats/instant.ts";

/** Of rows `s` with the same time, the one that arrived last. The index has this order, read backwards. */
export const newestFirst: FragmentSqlToken = sql.fragment`order by s.time desc, s._row desc`;

/** The time of a row, as `timeToGoOn` writes it. */
export const timeOfRow = z.string().transform((text, { addIssue }) => {
  const time = parseInstant(text);
  if (time) return time;
  addIssue("not a time");
  return z.NEVER;
});
