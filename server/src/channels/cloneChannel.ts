import { createdReply } from "./channel-reply.ts";
import type { Operation } from "../contract/operation.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { toChannelSchema } from "../columns/channel-schema.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";
import { densityOf } from "./chunk-interval.ts";
import { channelNotFound } from "../problems/common.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { readLabels } from "./change-channel.ts";
import { storeChannel } from "./queries/storeChannel.ts";
import { resolveIdAlias, resolveNameAlias } from "./aliases.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";
import { checkColumnInfo, checkLabels, planNewChannel, planSchema } from "./plan-channel.ts";

/** Copies of copies of one name that are tried before giving up. */
const MAX_NAMES = 100;

export const cloneChannel: Operation<"cloneChannel"> = async ({ path, body }, { database }) => {
  const pool = database.pools.admin;
  const { copy_metadata: isCopied = true, channel_id: _channelId, id: _id, ...given } = body;
  const { channel_id: id } = resolveIdAlias(body);
  const isSourceId = id?.toLowerCase() === path.channel_id.toLowerCase();
  const fields = { ...given, ...resolveNameAlias(body), ...(id === undefined || isSourceId ? {} : { channel_id: id }) };
  const source = await selectChannel(pool, path.channel_id, NO_LIMIT);
  if (!source) throw channelNotFound(path.channel_id);

  const columns = planSchema(fields.channel_schema ?? toChannelSchema(source.columns));
  checkLabels(fields);
  checkColumnInfo(columns, fields.column_info ?? {});
  const labels = readLabels(source);
  const names = new Set(columns.map(({ name }) => name));
  const planned = {
    ...planNewChannel({ ...fields, density: fields.density ?? densityOf(source.chunk_days) }, columns),
    columnInfo:
      fields.column_info ??
      Object.fromEntries(Object.entries(labels.column_info).filter(([name]) => names.has(name) || name === "time")),
    metadata: fields.metadata ?? (isCopied ? labels.metadata : {}),
    tags: fields.tags ?? (isCopied ? labels.tags : {}),
  };
  // A copy of labels from before there was a limit would be made by a request of a few bytes, again and again.
  checkLabels({ column_info: planned.columnInfo, metadata: planned.metadata, tags: planned.tags });
  for (const name of candidateNames(fields.name, source.name)) {
    const stored = await retryOnConflict(() => storeChannel(pool, { ...planned, name }));
    if (stored.kind === "created") return createdReply(stored.channel);
    // With an id of its own it may be that which is taken, and another name would not help.
    if (fields.channel_id !== undefined && (await selectChannel(pool, fields.channel_id, NO_LIMIT))) break;
  }
  throw new ProblemError("channel_exists", "A channel of this id or name exists already. Give another channel_id or name.");
};

/** `<name>_copy`, then `<name>_copy_2` and so on; a clone of a channel without a name has none either. */
function candidateNames(given: string | undefined, source: string | null): (string | null)[] {
  if (given !== undefined) return [given];
  if (source === null) return [null];
  return Array.from({ length: MAX_NAMES }, (_, index) => {
    const ending = index === 0 ? "_copy" : `_copy_${index + 1}`;
    return `${source.slice(0, 256 - ending.length)}${ending}`;
  });
}
