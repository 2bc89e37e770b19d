import type { CommonQueryMethods } from "slonik";
import { JsonText } from "../../contract/json-text.ts";
import type { Operation } from "../../contract/operation.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { clearChannel } from "./queries/clearChannel.ts";
import { countRows } from "./queries/countRows.ts";
import { deleteRows as deleteStored } from "./queries/deleteRows.ts";
import { markRowsDeleted } from "./queries/markRowsDeleted.ts";
import { lockChannel } from "../../channels/queries/lockChannel.ts";
import { selectChannel } from "../../channels/queries/selectChannel.ts";
import { selectRowKeys } from "./queries/selectRowKeys.ts";
import { channelJson } from "../../channels/channel-json.ts";
import { NO_LIMIT } from "../../access/channel-scope.ts";
import { type Fault, FaultList } from "../../problems/fault.ts";
import { wholeWindow } from "../read/page-windows.ts";
import { planSelection, type RowSelection } from "../read/row-query.ts";
import { badQuery, channelNotFound } from "../../problems/common.ts";
import { type Author, authorOf } from "../../audit/author.ts";

/** Rows that are deleted by one statement. */
const STEP_ROWS = 20_000;

export const deleteRows: Operation<"deleteRows"> = async (request, { database, now }) => {
  const { path, query, filters } = request;
  const isDryRun = query.dry_run ?? false;
  return database.pools.admin.transaction(async (transaction) => {
    const found = await selectChannel(transaction, path.channel_id, NO_LIMIT);
    if (!found) throw channelNotFound(path.channel_id);
    const faults = new FaultList();
    const selection = planSelection(found.columns, query, filters, { now: now() }, faults);
    if (isWhole(selection) !== (query.all ?? false) && faults.count === 0) faults.add(() => allFault(selection));
    if (faults.count > 0) throw badQuery(faults.found, faults.count);

    if (!isDryRun) await lockChannel(transaction, found.id);
    const channel = (await selectChannel(transaction, path.channel_id, NO_LIMIT)) ?? found;
    const deleted = isDryRun
      ? await count(transaction, channel, selection)
      : await remove(transaction, channel, selection, authorOf(request));
    const left = (await selectChannel(transaction, path.channel_id, NO_LIMIT)) ?? channel;
    const details = { deleted_rows: deleted, available_rows: left.row_count, dry_run: isDryRun };
    return { status: 200, body: new JsonText(channelJson(left, { op_details: JSON.stringify(details) })) };
  });
};

/** A filter that got lost on its way, such as a variable that was empty, must not delete everything. */
function allFault(selection: RowSelection): Fault {
  return isWhole(selection)
    ? {
        parameter: "all",
        code: "missing",
        detail: "say which rows to delete by from, to or filters, or that it is every one by all=true",
      }
    : { parameter: "all", code: "not_with_filters", detail: "all=true goes with neither from nor to nor filters" };
}

function isWhole({ from, to, filters }: RowSelection): boolean {
  return from === null && to === null && filters.length === 0;
}

async function count(transaction: CommonQueryMethods, channel: StoredChannel, selection: RowSelection): Promise<number> {
  if (isWhole(selection)) return channel.row_count;
  const window = wholeWindow(channel, selection);
  return window ? countRows(transaction, channel, selection, window) : 0;
}

async function remove(
  transaction: CommonQueryMethods,
  channel: StoredChannel,
  selection: RowSelection,
  author: Author,
): Promise<number> {
  if (isWhole(selection)) return (await clearChannel(transaction, channel.id, author)) ? channel.row_count : 0;

  let window = wholeWindow(channel, selection);
  let deleted = 0;
  while (window) {
    const keys = await selectRowKeys(transaction, channel, selection, window, STEP_ROWS);
    if (!keys) break;
    deleted += await deleteStored(transaction, channel.id, keys, author);
    window = keys.rows.length < STEP_ROWS ? null : { ...window, low: keys.low };
  }
  if (deleted > 0) await markRowsDeleted(transaction, channel.id);
  return deleted;
}
