import { createdReply } from "./channel-reply.ts";
import type { Operation } from "../contract/operation.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { storeChannel } from "./queries/storeChannel.ts";
import { resolveNameAlias } from "./name-alias.ts";
import { checkLabels, planCreation } from "./plan-channel.ts";

export const createChannel: Operation<"createChannel"> = async ({ body }, { database }) => {
  const fields = { ...body, ...resolveNameAlias(body) };
  checkLabels(fields);
  const stored = await storeChannel(database.pools.admin, planCreation(fields));
  if (stored.kind === "created") return createdReply(stored.channel);
  throw new ProblemError(
    "channel_exists",
    "A channel of this id or name exists already. Choose another, or append to it on /data.",
  );
};
