import { foundReply } from "./channel-reply.ts";
import type { CommonQueryMethods } from "slonik";
import type { Operation } from "../contract/operation.ts";
import type { StoredChannel } from "./queries/channel-definition.ts";
import { ensureSeriesTable } from "./queries/ensureSeriesTable.ts";
import { lockChannel } from "./queries/lockChannel.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { widenSeriesTable } from "./queries/widenSeriesTable.ts";
import { type ChannelChange, updateChannel } from "./queries/updateChannel.ts";
import { countSlots } from "../columns/channel-schema.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";
import { mergePatch } from "../formats/merge-patch.ts";
import { extendColumns, missingSlots, renameColumns } from "./schema-change.ts";
import { channelNotFound } from "../problems/common.ts";
import { describeFaults } from "../problems/fault.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { orChannelExists, readLabels } from "./change-channel.ts";
import { checkBodyId, checkMatch } from "./preconditions.ts";
import { resolveNameAlias } from "./aliases.ts";
import { checkColumnInfo, checkLabels, planSchema, readColumnInfo, schemaInvalid } from "./plan-channel.ts";
import { CONFLICT, isConflict, retryOnConflict } from "./retry-on-conflict.ts";

export const patchChannel: Operation<"patchChannel"> = async ({ path, body, headers }, { database }) => {
  checkBodyId(path.channel_id, body);
  const { name } = resolveNameAlias(body);
  checkLabels({ ...body, name: name ?? undefined });
  const pool = database.pools.admin;

  return retryOnConflict(async () => {
    const read = await selectChannel(pool, path.channel_id, NO_LIMIT);
    if (!read) throw channelNotFound(path.channel_id);
    checkMatch(headers["if-match"], read);
    // Before the transaction: making a table takes a lock that other requests wait for.
    const planned = body.channel_schema ? planSchema(body.channel_schema) : null;
    const emptySeriesTable =
      planned && read.row_count === 0 ? await ensureSeriesTable(pool, countSlots(planned), read.chunk_days) : null;

    const change = pool.transaction(async (transaction) => {
      if (planned || body.rename_columns) await lockChannel(transaction, read.id);
      const current = await selectChannel(transaction, path.channel_id, NO_LIMIT);
      if (!current || current.version !== read.version || (current.row_count === 0) !== (read.row_count === 0)) return CONFLICT;
      const renamed = planRenaming(current, body.rename_columns);
      const named = { ...current, columns: renamed?.columns ?? current.columns };
      const schema = planned
        ? await changeSchema(transaction, named, planned, emptySeriesTable)
        : renamed && { columns: renamed.columns, seriesTable: current.series_table };
      const stored = readLabels(current, renamed?.nameOf);
      const columnInfo = readColumnInfo(mergePatch(stored.column_info, body.column_info));
      checkColumnInfo(schema?.columns ?? current.columns, columnInfo);
      const metadata = mergePatch(stored.metadata, body.metadata);
      const tags = mergePatch(stored.tags, body.tags);
      // Patches that are small enough may add up.
      checkLabels({ column_info: columnInfo, metadata, tags }, stored);
      const isChanged = await updateChannel(transaction, current, {
        name: name === undefined ? current.name : name,
        columnInfo,
        metadata,
        tags,
        schema,
      });
      return (isChanged && (await selectChannel(transaction, path.channel_id, NO_LIMIT))) || CONFLICT;
    });
    const changed = await orChannelExists(change);
    return isConflict(changed) ? CONFLICT : foundReply(changed);
  });
};

/** @throws ProblemError schema_invalid */
function planRenaming({ columns }: StoredChannel, renames: Readonly<Record<string, string>> | undefined) {
  if (!renames) return null;
  const renamed = renameColumns(columns, renames);
  if (renamed.faults.length > 0) throw schemaInvalid(renamed.faults);
  return renamed;
}

async function changeSchema(
  transaction: CommonQueryMethods,
  channel: StoredChannel,
  planned: ReturnType<typeof planSchema>,
  emptySeriesTable: number | null,
): Promise<ChannelChange["schema"]> {
  // Without rows there is nothing to keep.
  if (emptySeriesTable !== null) return { columns: planned, seriesTable: emptySeriesTable };
  const names = new Map([...planned, ...channel.columns].map((column) => [column.name, column]));
  let slots = channel.slots;
  for (const { type, count } of missingSlots([...names.values()], slots)) {
    slots = await widenSeriesTable(transaction, channel.series_table, type, count);
  }
  const { columns, faults } = extendColumns(channel.columns, planned, slots);
  if (faults.length > 0) {
    const rule = "The channel has rows: only optional columns may be added, and required columns made optional.";
    throw new ProblemError("schema_conflict", `${describeFaults(faults)}. ${rule}`, { errors: faults });
  }
  return { columns, seriesTable: channel.series_table };
}
