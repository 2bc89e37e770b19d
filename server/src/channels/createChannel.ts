import { createdReply } from "./channel-reply.ts";
import type { Operation } from "../contract/operation.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { storeChannel } from "./queries/storeChannel.ts";
import { resolveIdAlias, resolveNameAlias } from "./aliases.ts";
import { retryOnConflict } from "./retry-on-conflict.ts";
import { checkLabels, planCreation } from "./plan-channel.ts";

export const createChannel: Operation<"createChannel"> = async ({ body }, { database }) => {
  const fields = { ...body, ...resolveNameAlias(body), ...resolveIdAlias(body) };
  checkLabels(fields);
  const planned = planCreation(fields);
  const stored = await retryOnConflict(() => storeChannel(database.pools.admin, planned));
  if (stored.kind === "created") return createdReply(stored.channel);
  throw new ProblemError(
    "channel_exists",
    "A channel of this id or name exists already. Choose another, or append to it on /data.",
  );
};
