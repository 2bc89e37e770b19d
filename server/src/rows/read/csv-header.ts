import { fieldNames, type RowQuery } from "./row-query.ts";

/** The header line of an export (RFC 4180). No name of a column needs quotes. */
export function csvHeader(query: RowQuery): string {
  return `${fieldNames(query).join(",")}\r\n`;
}
