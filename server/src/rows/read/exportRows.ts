import type { Operation } from "../../contract/operation.ts";
import type { DatabaseRole } from "../../config/database-role.ts";
import { selectCsv, selectNdjson } from "./queries/selectLines.ts";
import { selectLastRow } from "./queries/selectLastRow.ts";
import { contentDisposition } from "../../formats/content-disposition.ts";
import { planRead } from "./read-page.ts";
import { fieldNames, type RowQuery } from "./row-query.ts";
import { streamPages } from "./stream-pages.ts";

export const exportRows = exportOn("reader");
export const exportRowsAsWriter = exportOn("writer");
export const exportRowsAsAdmin = exportOn("admin");

function exportOn(role: DatabaseRole): Operation<"exportRows"> {
  return async (request, { database, observe }) => {
    const { query: parameters, signal } = request;
    const pool = database.pools[role];
    // Rows that are appended from now on are not part of it, or an export of what it appends would never end.
    const { channel, query, lastRow } = await pool.read(signal, async (connection) => {
      const planned = await planRead(connection, request);
      return { ...planned, lastRow: await selectLastRow(connection, planned.channel.table_name) };
    });
    const isCsv = parameters.format === "csv";
    const pages = streamPages(pool, isCsv ? selectCsv : selectNdjson, channel, query, {
      offset: parameters.offset ?? 0,
      limit: parameters.limit ?? null,
      lastRow,
      signal,
      observe,
    });
    const name = channel.name ?? channel.channel_id;
    return isCsv
      ? {
          status: 200,
          type: "text/csv",
          headers: { "Content-Disposition": contentDisposition(`${name}.csv`) },
          body: withHeader(csvHeader(query), pages),
        }
      : {
          status: 200,
          type: "application/x-ndjson",
          headers: { "Content-Disposition": contentDisposition(`${name}.ndjson`) },
          body: pages,
        };
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
