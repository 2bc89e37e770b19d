/**
 * In charge of loading a dump. Until all of it is there and compared, its channels are marked as deleted, so no request sees any of them; then
 * all become visible in one commit. Of a restore that fails, the janitor of the next server frees the room.
 */
import { createHash } from "node:crypto";
import { type CommonQueryMethods, type DatabasePool } from "slonik";
import { EXIT, OperatorError } from "../../config/operator-error.ts";
import { ensureSeriesTable } from "../../channels/queries/ensureSeriesTable.ts";
import { existsChannel } from "../../channels/queries/existsChannel.ts";
import { insertHiddenChannel } from "./queries/insertHiddenChannel.ts";
import { keepFromPurge } from "../../channels/queries/keepFromPurge.ts";
import { recordAudit } from "../../audit/queries/recordAudit.ts";
import { type DumpedRows, restoreRows } from "../../rows/append/queries/restoreRows.ts";
import { type DumpedChannel, selectHiddenChannel } from "./queries/selectDumpedChannel.ts";
import { showChannels } from "./queries/showChannels.ts";
import { SQLSTATE, sqlState } from "../../db/sql-state.ts";
import { type Column, countSlots, planColumns } from "../../columns/channel-schema.ts";
import { CHUNK_DAYS } from "../../channels/chunk-interval.ts";
import { channelText } from "./channel-text.ts";
import { DumpError } from "./dump-error.ts";
import type { ChannelDefinition, DumpEnd } from "./dump-lines.ts";
import type { Progress } from "./progress.ts";
import type { OpenDump } from "./read-dump.ts";
import { createRestoredRows, type RestoredRows } from "./restored-rows.ts";

/** Loads into a database without channels, on one connection of its owner. @throws OperatorError, DumpError; then nothing can be seen of it. */
export function restoreDump(owner: DatabasePool, { header, parts }: OpenDump, progress: Progress): Promise<DumpEnd> {
  return owner.connect(async (connection) => {
    await takeTurn(connection);
    if (await existsChannel(connection)) {
      throw new OperatorError(
        EXIT.config,
        "The database has channels already. A dump is restored into one that has none: set DATABASE_URL or KRONICLE_DATA_DIR to another.",
      );
    }
    const shown: number[] = [];
    const lastRows = new Map<string, number>();
    let loading: { readonly channel: DumpedChannel; readonly batcher: RestoredRows } | null = null;
    let end: DumpEnd | null = null;

    const store = async (batch: DumpedRows | null) => {
      if (!batch || !loading) return;
      const { table_name: table } = loading.channel;
      await restoreRows(connection, loading.channel, batch);
      lastRows.set(
        table,
        batch.rowNumbers.reduce((most, row) => Math.max(most, row), lastRows.get(table) ?? 0),
      );
      progress.advance(batch.count);
    };

    progress.start(header.rows);
    for await (const part of parts) {
      if (part.kind === "channel") {
        const channel = await createHidden(connection, part.definition, part.line);
        loading = { channel, batcher: createRestoredRows(channel.columns, channel.chunk_days) };
      } else if (part.kind === "row") await store(loading?.batcher.add(part) ?? null);
      else if (part.kind === "channel_end") {
        await store(loading?.batcher.take() ?? null);
        if (loading) {
          await compare(connection, loading.channel.id, part.sha256);
          shown.push(loading.channel.id);
        }
      } else end = part.end;
    }
    if (!end) throw new DumpError("The dump has no end.");
    await show(connection, shown, lastRows, end);
    return end;
  });
}

async function takeTurn(connection: CommonQueryMethods): Promise<void> {
  try {
    await keepFromPurge(connection);
  } catch (error) {
    if (sqlState(error) !== SQLSTATE.lockNotAvailable) throw error;
    throw new OperatorError(EXIT.config, "Another restore into this database is under way. Wait for its end.");
  }
}

async function createHidden(connection: CommonQueryMethods, definition: ChannelDefinition, line: string): Promise<DumpedChannel> {
  const columns = placeColumns(definition);
  const table = await ensureSeriesTable(connection, countSlots(columns), CHUNK_DAYS[definition.density]);
  return selectHiddenChannel(connection, await insertHiddenChannel(connection, line, columns, table));
}

/** Where columns lie is decided anew; their order is that of the dump, which an object of them would lose. */
function placeColumns({ channel_id: id, columns }: ChannelDefinition): Column[] {
  const { columns: planned, faults } = planColumns(
    Object.fromEntries(columns.map(({ name, type, optional }) => [name, optional ? `optional[${type}]` : type])),
  );
  const placed = columns.flatMap(({ name }) => planned.find((column) => column.name === name) ?? []);
  if (faults.length > 0 || placed.length !== planned.length) {
    const [fault] = faults;
    throw new DumpError(`Channel ${id} of the dump cannot be made: ${fault?.detail ?? "a column stands twice"}.`);
  }
  return placed;
}

/** Reads back what was stored: the lines have to be those of the dump, to the last character. */
async function compare(connection: CommonQueryMethods, id: number, sha256: string): Promise<void> {
  const stored = await selectHiddenChannel(connection, id);
  const hash = createHash("sha256");
  for await (const { text } of channelText((read) => read(connection), stored)) hash.update(text);
  if (hash.digest("hex") === sha256) return;
  throw new DumpError(`Channel ${stored.channel_id} is not stored as it stands in the dump.`);
}

async function show(
  connection: CommonQueryMethods & Pick<DatabasePool, "transaction">,
  ids: readonly number[],
  lastRows: ReadonlyMap<string, number>,
  { channels, rows, sha256 }: DumpEnd,
): Promise<void> {
  try {
    await connection.transaction(async (transaction) => {
      await showChannels(transaction, ids, lastRows);
      const details = { channels, rows };
      await recordAudit(transaction, { actor: null, action: "channels_restored", target: sha256, requestId: null, details });
    });
  } catch (error) {
    if (sqlState(error) !== SQLSTATE.uniqueViolation) throw error;
    throw new OperatorError(EXIT.config, "Somebody has made channels of the same names or ids in this database meanwhile.");
  }
}
