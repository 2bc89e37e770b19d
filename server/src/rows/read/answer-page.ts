/** In charge of the answers of readRows and readColumns, which differ only in how they show the page. */
import { JsonText } from "../../contract/json-text.ts";
import type { OperationContext, OperationRequest } from "../../contract/operation.ts";
import type { DatabaseRole } from "../../config/database-role.ts";
import type { PageEnd } from "./queries/page-end.ts";
import type { SelectPage } from "./queries/row-selection.ts";
import { channelJson } from "../../channels/channel-json.ts";
import { isRelative, type RowQuery } from "./row-query.ts";
import { badQuery } from "../../problems/common.ts";
import { clockOf, countRows, MAX_PAGE_BYTES, nextCursor, planRead, readCursor, selectInWindows } from "./read-page.ts";

const DEFAULT_LIMIT = 1_000;

/** @param present turns the page into its own members of the answer, each value as JSON text. */
export async function answerPage<Page extends PageEnd>(
  role: DatabaseRole,
  request: OperationRequest<"readRows">,
  { database, observe, now }: OperationContext,
  select: SelectPage<Page>,
  present: (page: Page | null, query: RowQuery) => Record<string, string>,
): Promise<{ status: 200; body: JsonText }> {
  const { limit = DEFAULT_LIMIT, offset = 0, cursor } = request.query;
  const clock = clockOf(cursor, now());
  const { channel, query, page } = await database.pools[role].read(request.signal, async (connection) => {
    const planned = await planRead(connection, request, clock);
    if (cursor !== undefined && offset > 0) {
      throw badQuery([{ parameter: "offset", code: "not_with_cursor", detail: "a cursor says by itself where to go on" }]);
    }
    const { channel, query } = planned;
    const after = cursor === undefined ? null : await readCursor(connection, cursor, channel, query);
    return {
      ...planned,
      page: await selectInWindows(connection, select, channel, query, {
        after,
        offset,
        limit,
        maxBytes: MAX_PAGE_BYTES,
        lastRow: null,
      }),
    };
  });
  const next = nextCursor(channel, query, page, isRelative(request.query) ? clock : null);
  const rows = countRows(page);
  observe({ event: "rows_read", rows });
  return {
    status: 200,
    body: new JsonText(
      channelJson(channel, {
        ...present(page, query),
        has_more: String(next !== null),
        next_cursor: JSON.stringify(next),
        op_details: JSON.stringify({ provided_rows: rows, available_rows: channel.row_count }),
      }),
    ),
  };
}
