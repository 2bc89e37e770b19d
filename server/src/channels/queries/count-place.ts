/** In charge of lists of texts with the number of channels of each: their order, and where a page of them ended. */
import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";

/** A cursor has no room for a text of any length: after its first characters, a hash says where it stands. */
export const countPlace = z.object({ start: z.string().max(64), hash: z.string().regex(/^[0-9a-f]{32}$/) });

export type CountPlace = z.infer<typeof countPlace>;

export const countedText = countPlace.extend({ channels: z.coerce.number().int() });

/** By code points: the same on every database, whatever its locale. */
export function placeOf(text: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`left(${text}, 64) collate "C" as start, md5(${text}) collate "C" as hash`;
}

/** Whether `q.start` and `q.hash` come after this place. */
export function isAfterPlace(place: CountPlace | null): FragmentSqlToken {
  if (place === null) return sql.fragment`true`;
  return sql.fragment`(q.start, q.hash) > (${place.start}::text collate "C", ${place.hash}::text collate "C")`;
}
