import { randomUUID } from "node:crypto";
import type { CommonQueryMethods } from "slonik";
import type { Operation, OperationRequest } from "../../contract/operation.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import { ensureSeriesTable } from "../../channels/queries/ensureSeriesTable.ts";
import { insertChannel } from "../../channels/queries/insertChannel.ts";
import { insertRows } from "./queries/insertRows.ts";
import { selectChannel } from "../../channels/queries/selectChannel.ts";
import { selectChannelsByIdOrName } from "../../channels/queries/selectChannelsByIdOrName.ts";
import { updateChannelLabels } from "../../channels/queries/updateChannelLabels.ts";
import { countSlots } from "../../columns/channel-schema.ts";
import { type ChannelScope, NO_LIMIT } from "../../access/channel-scope.ts";
import { CHUNK_DAYS } from "../../channels/chunk-interval.ts";
import { schemaDifferences } from "../../channels/schema-difference.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { schemaConflict } from "../../problems/common.ts";
import type { AppendContext } from "./group-commit.ts";
import { insertNewTimes } from "./new-times.ts";
import { resolveIdAlias, resolveNameAlias } from "../../channels/aliases.ts";
import { locationOf } from "../../channels/channel-reply.ts";
import { checkColumnInfo, checkLabels, planCreation, planSchema, requireSchema } from "../../channels/plan-channel.ts";
import { planBatch, type PlannedBatch, rowRules } from "./plan-append.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { requesterOf } from "../../access/principal.ts";
import { CONFLICT, type Conflict, isConflict, retryOnConflict } from "../../channels/retry-on-conflict.ts";
import { storeOnce, type Write } from "./store-once.ts";
import type { Append } from "./store-group.ts";
import { type StoredAppend, toReport } from "./stored-append.ts";
import { findReplay } from "./claim-or-replay.ts";
import { appendResult, wantsRows } from "./append-result.ts";

type Body = OperationRequest<"upsertChannel">["body"];

export const upsertChannel: Operation<"upsertChannel", AppendContext> = async (request, context) => {
  const { body, query, headers, principal, fingerprint } = request;
  const { scope } = requesterOf(request);
  const pool = context.database.pools.writer;
  const fields = { ...body, ...resolveNameAlias(body), ...resolveIdAlias(body) };
  checkLabels(fields);
  const rows = fields.rows ?? [];
  const isIgnoring = query.on_same_time === "ignore";
  const rules = rowRules(request.contentType, query);
  const requestedAt = context.now();
  const key = readIdempotencyKey(headers["idempotency-key"], principal, fingerprint);

  return retryOnConflict(async () => {
    const answer = async (stored: StoredAppend, planned: PlannedBatch | null) => {
      const isKnown = !stored.isReplayed || (stored.isReadable && rows.length > 0 && wantsRows(headers.prefer));
      const shown =
        stored.isReplayed && isKnown ? await planBatch(stored.channel, rows, rules, stored.requestedAt, context) : planned;
      const { headers: resultHeaders, body: result } = appendResult(
        stored,
        isKnown ? shown : null,
        headers.prefer,
        context.observe,
      );
      return stored.isCreated
        ? { status: 201 as const, headers: { ...resultHeaders, Location: locationOf(stored.channel) }, body: result }
        : { status: 200 as const, headers: resultHeaders, body: result };
    };
    try {
      return await attempt(answer);
    } catch (error) {
      // What was stored with this key, by the columns of then, is stored, even if it could not be any more.
      const replayed = error instanceof ProblemError && MAY_HAVE_BEEN_STORED.has(error.code) ? await findReplay(pool, key) : null;
      if (replayed) return await answer(replayed, null);
      throw error;
    }
  });

  /** Finds or plans the channel, and stores. */
  async function attempt<T>(answer: (stored: StoredAppend, planned: PlannedBatch | null) => Promise<T>): Promise<T | Conflict> {
    const existing = await findChannel(pool, fields, scope);
    if (!existing && scope)
      throw new ProblemError("channel_not_found", "This key is limited to some channels, and creates none.");
    const columns = existing?.columns ?? planSchema(requireSchema(fields));
    checkColumnInfo(columns, fields.column_info ?? {});
    const planned = rows.length > 0 ? await planBatch({ columns }, rows, rules, requestedAt, context) : null;
    const report = toReport(planned);
    const stored =
      existing && planned && !hasLabels(fields) && !isIgnoring
        ? await appendOnly(context, { channel: existing, batch: planned.batch, key, requestedAt, report })
        : await storeChannel(existing, planned);
    if (isConflict(stored)) return stored;
    return answer(stored, planned);
  }

  async function storeChannel(existing: StoredChannel | null, planned: PlannedBatch | null): Promise<StoredAppend | Conflict> {
    const write = await prepareWrite(existing, fields, planned, requestedAt, isIgnoring, context);
    const store = () => storeOnce(pool, key, write);
    return existing && isIgnoring ? context.takeTurn(existing.id, store) : store();
  }
};

/** Refusals that depend on what the channel is like now. */
const MAY_HAVE_BEEN_STORED: ReadonlySet<string> = new Set([
  "row_invalid",
  "schema_conflict",
  "schema_invalid",
  "channel_ambiguous",
  "channel_exists",
  "request_invalid",
]);

async function findChannel(connection: CommonQueryMethods, fields: Body, scope: ChannelScope): Promise<StoredChannel | null> {
  const { channel_id: channelId, name } = fields;
  const found = await selectChannelsByIdOrName(connection, channelId ?? null, name ?? null, scope);
  const [channel] = found;
  if (!channel) return null;

  const isOtherId = channelId !== undefined && channel.channel_id !== channelId.toLowerCase();
  const isOtherName = name !== undefined && channel.name !== name;
  if (found.length > 1 || isOtherId || isOtherName) {
    throw new ProblemError(
      "channel_ambiguous",
      "channel_id and name belong to different channels. Give one of them, or make them agree.",
    );
  }
  if (fields.channel_schema) {
    // A device with the schema of yesterday goes on writing after an admin added an optional column.
    const differences = schemaDifferences(channel.columns, planSchema(fields.channel_schema), true);
    if (differences.length > 0)
      throw schemaConflict(differences, "Leave channel_schema out, or give the stored one; an admin changes it with PATCH.");
  }
  return channel;
}

/** Nothing but rows: they may be stored together with those of others. */
async function appendOnly(context: AppendContext, append: Append): Promise<StoredAppend> {
  await context.chunkBudget.check(context.database.pools.writer, append.channel, append.batch, append.requestedAt);
  return context.groupCommit.store(append);
}

async function prepareWrite(
  existing: StoredChannel | null,
  fields: Body,
  planned: PlannedBatch | null,
  requestedAt: number,
  isIgnoring: boolean,
  context: AppendContext,
): Promise<Write> {
  const define = existing ? changeExisting(existing, fields) : await prepareCreation(fields, context);
  return async (connection) => {
    const channel = await define(connection);
    if (isConflict(channel)) return channel;
    const written = { channel, isCreated: !existing, requestedAt, report: toReport(planned) };
    if (!planned) return { ...written, stats: channel, insertedRows: 0 };
    const { batch } = planned;
    await context.chunkBudget.check(connection, channel, batch, requestedAt);
    if (isIgnoring) {
      const stored = await insertNewTimes(connection, channel, batch);
      return isConflict(stored) ? stored : { ...written, ...stored, insertedRows: stored.kept.count };
    }
    const inserted = await insertRows(connection, channel.table_name, [{ channel, batch }], []);
    const [stats = channel] = inserted.kind === "stored" ? inserted.states : [];
    return { ...written, stats, insertedRows: batch.count };
  };
}

type Define = (connection: CommonQueryMethods) => Promise<StoredChannel | Conflict>;

/** The series table is made before the transaction that stores: making one takes a lock that other requests wait for. */
async function prepareCreation(fields: Body, context: AppendContext): Promise<Define> {
  const channelId = fields.channel_id ?? randomUUID();
  const planned = planCreation({ ...fields, channel_id: channelId });
  const pool = context.database.pools.writer;
  const seriesTable = await ensureSeriesTable(pool, countSlots(planned.columns), CHUNK_DAYS[planned.density]);
  return async (connection) => {
    const id = await insertChannel(connection, planned, seriesTable);
    return (id !== null && (await selectChannel(connection, channelId, NO_LIMIT))) || CONFLICT;
  };
}

function hasLabels({ column_info, metadata, tags }: Body): boolean {
  return [column_info, metadata, tags].some((label) => label !== undefined);
}

function changeExisting(channel: StoredChannel, fields: Body): Define {
  if (!hasLabels(fields)) return async () => channel;
  return async (connection) => {
    const labels = { columnInfo: fields.column_info ?? null, metadata: fields.metadata ?? null, tags: fields.tags ?? null };
    const version = await updateChannelLabels(connection, channel.id, labels);
    return (version !== null && (await selectChannel(connection, channel.channel_id, NO_LIMIT))) || CONFLICT;
  };
}
