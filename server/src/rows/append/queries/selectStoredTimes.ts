import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { timeLiteral, wideDigits, plainTime } from "../../../columns/queries/time-sql.ts";
import { plainArray } from "../../../db/array-literal.ts";

/**
 * Those of these times at which the channel has a row, with six fraction digits.
 *
 * @param times in their order, and few: each is looked up in every chunk between the first and the last.
 */
export async function selectStoredTimes(
  connection: CommonQueryMethods,
  channel: Pick<StoredChannel, "id" | "table_name">,
  times: readonly string[],
): Promise<readonly string[]> {
  const [first, last] = [times.at(0), times.at(-1)];
  if (first === undefined || last === undefined) return [];
  return connection.anyFirst(sql.type(z.object({ time: z.string() }))`
    select ${wideDigits(plainTime(sql.fragment`s.time`))} || 'Z' as time
    from ${sql.identifier(["series", channel.table_name])} s
    where s._channel = ${channel.id}::integer
      and s.time >= ${timeLiteral(first)}
      and s.time <= ${timeLiteral(last)}
      and s.time = any (${plainArray(times)}::timestamptz[])
    group by s.time
  `);
}
