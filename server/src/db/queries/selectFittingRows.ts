import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { Column } from "../../domain/channel-schema.ts";
import { pageEnd, pageEndFields, rowPage, type SelectPage } from "./row-selection.ts";

const fittingRows = pageEnd.extend({ fitting: z.coerce.number().int() });

/** Whether rows of a channel with this column may have any size. */
export function isSizable({ type }: Column): boolean {
  return type === "str" || type === "dict" || type === "list";
}

/**
 * How many rows of a page have no more than so many bytes together in what may have any size. Sizes are told without fetching values:
 * exactly for texts, for documents as they are stored.
 */
export function selectFittingRows(mostBytes: number): SelectPage<z.infer<typeof fittingRows>> {
  return (connection, channel, query, range) => {
    const sizes = query.columns.filter(isSizable).map(sizeOf);
    return connection.one(sql.type(fittingRows)`
      select count(*) filter (where p.bytes <= ${mostBytes}::bigint) as fitting, ${pageEndFields(query, range.limit)}
      from (
        select q.*, sum(${sql.join([sql.fragment`0`, ...sizes], sql.fragment` + `)}) over (order by q.n) as bytes
        from (${rowPage(channel, query, range)}) q
      ) p
    `);
  };
}

function sizeOf({ type, slot }: Column): FragmentSqlToken {
  const value = sql.fragment`q.${sql.identifier([slot])}`;
  return type === "str" ? sql.fragment`coalesce(octet_length(${value}), 0)` : sql.fragment`coalesce(pg_column_size(${value}), 0)`;
}
