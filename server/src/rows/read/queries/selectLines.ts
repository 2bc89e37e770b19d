import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import { TYPE_SQL } from "../../../columns/queries/type-sql.ts";
import type { RowQuery } from "../row-query.ts";
import { concat, rowFields, rowObject } from "./row-json.ts";
import { pageEnd } from "./page-end.ts";
import { isOnPage, pageEndFields, rowPage, type SelectPage } from "./row-selection.ts";

const linesPage = pageEnd.extend({ text: z.string() });

export type LinesPage = z.infer<typeof linesPage>;

/** One page of rows as NDJSON, built by the database. */
export const selectNdjson: SelectPage<LinesPage> = selectLines(rowObject, "\n");

/** One page of rows as lines of CSV (RFC 4180), built by the database. */
export const selectCsv: SelectPage<LinesPage> = selectLines(csvRecord, "\r\n");

/** One page of rows as a dump has them: the number of the row, its time, its values, and when it was received. */
export const selectDumpLines: SelectPage<LinesPage> = selectLines(rowArray, "\n");

function selectLines(line: (query: RowQuery) => FragmentSqlToken, lineEnd: string): SelectPage<LinesPage> {
  return (connection, channel, query, range) =>
    connection.one(sql.type(linesPage)`
      select
        coalesce(string_agg(${line(query)} || ${lineEnd}::text, '') filter (where ${isOnPage(query, range)}), '') as text,
        ${pageEndFields(query, range)}
      from (${rowPage(channel, query, range)}) p
    `);
}

function rowArray(query: RowQuery): FragmentSqlToken {
  const values = rowFields(query).flatMap(({ json }) => [sql.fragment`','`, json]);
  return concat([sql.fragment`'['`, sql.fragment`p._row::text`, ...values, sql.fragment`']'`]);
}

function csvRecord({ columns, hasReceivedAt }: RowQuery): FragmentSqlToken {
  const { csv: csvTime } = TYPE_SQL.datetime;
  const values = columns.map(({ type, slot }) => sql.fragment`coalesce(${TYPE_SQL[type].csv(slot)}, '')`);
  const fields = [csvTime("time"), ...values, ...(hasReceivedAt ? [csvTime("received_at")] : [])];
  return concat(fields.flatMap((field, index) => (index === 0 ? [field] : [sql.fragment`','`, field])));
}
