import { JsonText } from "../contract/json-text.ts";
import type { Operation, OperationContext, OperationRequest } from "../contract/operation.ts";
import { selectChannel } from "./queries/selectChannel.ts";
import { updateChannel } from "./queries/updateChannel.ts";
import { channelJson } from "./channel-json.ts";
import { NO_LIMIT } from "../access/channel-scope.ts";
import { etagOf } from "../formats/etag.ts";
import { schemaDifferences } from "./schema-difference.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { schemaConflict } from "../problems/schema-conflict.ts";
import { checkBodyId } from "./check-body-id.ts";
import { checkMatch } from "./check-match.ts";
import { orChannelExists, readLabels } from "./change-channel.ts";
import { storeChannel } from "./queries/storeChannel.ts";
import { resolveNameAlias } from "./name-alias.ts";
import { checkColumnInfo, checkLabels, planNewChannel, planSchema } from "./plan-channel.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";

type Body = OperationRequest<"replaceChannel">["body"];

export const replaceChannel: Operation<"replaceChannel"> = async ({ path, body, headers }, context) => {
  checkBodyId(path.channel_id, body.channel_id);
  return replace(path.channel_id, body, headers["if-match"], context);
};

export const replaceChannelByBody: Operation<"replaceChannelByBody"> = async ({ body, headers }, context) =>
  replace(body.channel_id, body, headers["if-match"], context);

async function replace(channelId: string, given: Body, ifMatch: string | undefined, context: OperationContext) {
  const pool = context.database.pools.admin;
  const body = { ...given, ...resolveNameAlias(given) };
  checkLabels(body);
  return retryOnConflict(async () => {
    const current = await selectChannel(pool, channelId, NO_LIMIT);
    checkMatch(ifMatch, current);
    if (!current) {
      const columns = planSchema(neededSchema(body));
      checkColumnInfo(columns, body.column_info ?? {});
      const created = await storeChannel(pool, planNewChannel({ ...body, channel_id: channelId }, columns));
      if (!created) throw nameTaken();
      const headers = { Location: `/api/v1/channels/${created.channel_id}`, ETag: etagOf(created) };
      return { status: 201 as const, headers, body: new JsonText(channelJson(created)) };
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
    return changed && { status: 200 as const, headers: { ETag: etagOf(changed) }, body: new JsonText(channelJson(changed)) };
  });
}

function neededSchema({ channel_schema }: Body): Readonly<Record<string, string>> {
  if (channel_schema) return channel_schema;
  throw new ProblemError("request_invalid", "The channel does not exist yet, so its channel_schema is needed.", {
    errors: [{ pointer: "/channel_schema", code: "missing", detail: "needed to create the channel" }],
  });
}

function nameTaken(): ProblemError {
  return new ProblemError("channel_exists", "Another channel has this name. Choose another.");
}
