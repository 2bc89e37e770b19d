import type { Operation } from "../../contract/operation.ts";
import { selectUser } from "./queries/selectUser.ts";
import { userNotFound } from "../../problems/common.ts";

export const getUser: Operation<"getUser"> = async ({ path }, { database }) => {
  const user = await selectUser(database.pools.auth, path.user_id);
  if (!user) throw userNotFound(path.user_id);
  return { status: 200, body: user };
};
