import type { Operation } from "../../contract/operation.ts";
import type { DatabaseRole } from "../../config/database-role.ts";
import { selectCsv, selectNdjson } from "./queries/selectLines.ts";
import { selectLastRowNumber } from "./queries/selectLastRowNumber.ts";
import { contentDisposition } from "../../formats/content-disposition.ts";
import { chooseExportType } from "./export-type.ts";
import { planRead } from "./read-page.ts";
import { fieldNames, type RowQuery } from "./row-query.ts";
import { streamPages } from "./stream-pages.ts";
import { requesterOf } from "../../access/principal.ts";

export const exportRows = exportOn("reader");
export const exportRowsAsWriter = exportOn("writer");
export const exportRowsAsAdmin = exportOn("admin");

function exportOn(role: DatabaseRole): Operation<"exportRows"> {
  return async (request, { database, observe, now }) => {
    const { query: parameters, signal } = request;
    const type = chooseExportType(parameters.format, request.preferredType);
    const format = type === "text/csv" ? "csv" : "ndjson";
    const pool = database.pools[role];
    // Rows that are appended from now on are not part of it, or an export of what it appends would never end.
    const { channel, query, lastRow } = await pool.read(signal, async (connection) => {
      const planned = await planRead(connection, request, { now: now() });
      return { ...planned, lastRow: await selectLastRowNumber(connection, planned.channel.table_name) };
    });
    const pages = streamPages(pool, format === "csv" ? selectCsv : selectNdjson, channel, query, {
      offset: parameters.offset ?? 0,
      limit: parameters.limit ?? null,
      lastRow,
      scope: requesterOf(request).scope,
      signal,
      observe,
    });
    const headers = { "Content-Disposition": contentDisposition(`${channel.name ?? channel.channel_id}.${format}`) };
    return { status: 200, type, headers, body: format === "csv" ? withHeader(csvHeader(query), pages) : pages };
  };
}

/** The first line of CSV (RFC 4180). No name of a column needs quotes. */
function csvHeader(query: RowQuery): string {
  return `${fieldNames(query).join(",")}\r\n`;
}

async function* withHeader(header: string, pages: AsyncIterable<string>): AsyncGenerator<string> {
  yield header;
  yield* pages;
}
