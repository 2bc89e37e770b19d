import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { Column } from "../../../columns/channel-schema.ts";
import { timeLiteral } from "../../../columns/queries/time-sql.ts";
import { boundPage } from "../../read/queries/bound-page.ts";
import { concat, rowFields } from "../../read/queries/row-json.ts";
import { plainTimes } from "../../read/queries/row-selection.ts";
import type { TimeWindow } from "../../read/scan-windows.ts";
import { newestFirst } from "./newest-first.ts";

/** Channels, by their internal ids, whose newest rows lie in this window. */
export type Probe = { readonly window: TimeWindow; readonly channels: readonly number[] };

const newestRow = z.object({ channel: z.int(), values: z.string().nullable() });

/**
 * The newest row of each channel, in order of their internal ids: JSON of its time and of each of the slots, a line each. They end where they
 * would have more bytes, after the first at the earliest; the one that has no room comes without values.
 *
 * What a channel calls its columns is not known here: there may be as many schemas as channels, and it is one statement nevertheless. JSON as
 * PostgreSQL writes it has no line breaks.
 */
export function selectNewestRows(
  connection: CommonQueryMethods,
  tableName: string,
  slots: readonly Column[],
  probes: readonly Probe[],
  maxBytes: number,
): Promise<readonly z.infer<typeof newestRow>[]> {
  if (probes.length === 0) return Promise.resolve([]);
  const shown = { columns: slots, hasReceivedAt: false };
  const limit = probes.reduce((sum, { channels }) => sum + channels.length, 0);
  const rows = sql.fragment`select r.* from (${union(probes.map((probe) => newestOf(probe, tableName, slots)))}) r order by r._channel`;
  const page = boundPage(rows, { columns: slots, limit, maxBytes, times: plainTimes(shown) });
  const values = rowFields(shown).flatMap(({ json }, index) => (index === 0 ? [json] : [sql.fragment`chr(10)`, json]));
  return connection.any(sql.type(newestRow)`
    select p._channel as channel, case when p.n <= p.most then ${concat(values)} end as values
    from (${page}) p
    order by p.n
  `);
}

/** The bounds are literals, so that only this chunk is opened. */
function newestOf({ window, channels }: Probe, tableName: string, slots: readonly Column[]): FragmentSqlToken {
  const fields = ["_channel", "time", ...slots.map(({ slot }) => slot)].map((name) => sql.fragment`s.${sql.identifier([name])}`);
  return sql.fragment`
    select r.*
    from unnest(${sql.array([...channels], "int4")}) as c (id)
    cross join lateral (
      select ${sql.join(fields, sql.fragment`, `)}
      from ${sql.identifier(["series", tableName])} s
      where s._channel = c.id and s.time >= ${timeLiteral(window.low)} and s.time <= ${timeLiteral(window.high)}
      ${newestFirst}
      limit 1
    ) r
  `;
}

/** In halves of halves: a chain of a thousand would be nested as deep, for which the embedded database has too small a stack. */
function union(parts: readonly FragmentSqlToken[]): FragmentSqlToken {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const half = Math.ceil(parts.length / 2);
  return sql.fragment`(${union(parts.slice(0, half))}) union all (${union(parts.slice(half))})`;
}
