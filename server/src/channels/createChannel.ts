import { JsonText } from "../contract/json-text.ts";
import type { Operation } from "../contract/operation.ts";
import { channelJson } from "./channel-json.ts";
import { etagOf } from "../formats/etag.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { storeChannel } from "./queries/storeChannel.ts";
import { resolveNameAlias } from "./name-alias.ts";
import { checkColumnInfo, checkLabels, planNewChannel, planSchema } from "./plan-channel.ts";

export const createChannel: Operation<"createChannel"> = async ({ body }, { database }) => {
  const fields = { ...body, ...resolveNameAlias(body) };
  const columns = planSchema(fields.channel_schema);
  checkLabels(fields);
  checkColumnInfo(columns, fields.column_info ?? {});
  const channel = await storeChannel(database.pools.admin, planNewChannel(fields, columns));
  if (!channel) {
    throw new ProblemError(
      "channel_exists",
      "A channel of this id or name exists already. Choose another, or append to it on /data.",
    );
  }
  return {
    status: 201,
    headers: { Location: `/api/v1/channels/${channel.channel_id}`, ETag: etagOf(channel) },
    body: new JsonText(channelJson(channel)),
  };
};
