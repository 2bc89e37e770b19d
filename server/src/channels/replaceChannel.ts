import { createdReply, foundReply } from "./channel-reply.ts";
import type { Operation, OperationContext, OperationRequest } from "../contract/operation.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { updateChannel } from "./queries/updateChannel.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";
import { schemaDifferences } from "./schema-difference.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { schemaConflict } from "../problems/common.ts";
import { checkBodyId, checkMatch } from "./preconditions.ts";
import { orChannelExists, readLabels } from "./change-channel.ts";
import { storeChannel } from "./queries/storeChannel.ts";
import { resolveIdAlias, resolveNameAlias } from "./aliases.ts";
import { checkColumnInfo, checkLabels, planCreation, planSchema } from "./plan-channel.ts";
import { CONFLICT, retryOnConflict } from "./retry-on-conflict.ts";

type Body = OperationRequest<"replaceChannel">["body"];

export const replaceChannel: Operation<"replaceChannel"> = async ({ path, body, headers }, context) => {
  checkBodyId(path.channel_id, body);
  return replace(path.channel_id, body, headers["if-match"], context);
};

export const replaceChannelByBody: Operation<"replaceChannelByBody"> = async ({ body, headers }, context) => {
  const { channel_id: id } = resolveIdAlias(body);
  // The contract asks for one of the two words, which the compiler does not know.
  if (id === undefined)
    throw new ProblemError("request_invalid", "The body does not say which channel it is for: give channel_id.");
  return replace(id, body, headers["if-match"], context);
};

async function replace(channelId: string, given: Body, ifMatch: string | undefined, context: OperationContext) {
  const pool = context.database.pools.admin;
  const body = { ...given, ...resolveNameAlias(given) };
  checkLabels(body);
  return retryOnConflict(async () => {
    const current = await selectChannel(pool, channelId, NO_LIMIT);
    checkMatch(ifMatch, current);
    if (!current) {
      const created = await storeChannel(pool, planCreation({ ...body, channel_id: channelId }));
      if (created.kind === "taken") {
        // The id is taken when somebody else has made the very channel meanwhile, and this request then changes it.
        if (await selectChannel(pool, channelId, NO_LIMIT)) return CONFLICT;
        throw nameTaken();
      }
      return createdReply(created.channel);
    }
    const differences = body.channel_schema ? schemaDifferences(current.columns, planSchema(body.channel_schema), false) : [];
    if (differences.length > 0)
      throw schemaConflict(differences, "Leave channel_schema out, give the stored one, or change it with PATCH.");
    checkColumnInfo(current.columns, body.column_info ?? {});
    const stored = readLabels(current);
    const isChanged = await orChannelExists(
      updateChannel(pool, current, {
        name: body.name ?? current.name,
        columnInfo: body.column_info ?? stored.column_info,
        metadata: body.metadata ?? stored.metadata,
        tags: body.tags ?? stored.tags,
        schema: null,
      }),
    );
    const changed = isChanged ? await selectChannel(pool, channelId, NO_LIMIT) : null;
    return changed ? foundReply(changed) : CONFLICT;
  });
}

function nameTaken(): ProblemError {
  return new ProblemError("channel_exists", "Another channel has this name. Choose another.");
}
