import { z } from "zod";
import type { Operation } from "../../contract/operation.ts";
import { selectKeyPage } from "./queries/selectKeyPage.ts";
import { readListPage, timeOfEntry, toListPage } from "../../contract/list-page.ts";

const position = z.object({ created_at: timeOfEntry, key_id: z.string().regex(/^[0-9A-Za-z]{12}$/) });

export const listKeys: Operation<"listKeys"> = async ({ query }, { database }) => {
  const page = readListPage("/auth/v1/keys", query, position);
  const found = await selectKeyPage(database.pools.auth, page.after, page.limit + 1);
  return toListPage(page, found, ({ created_at, key_id }) => ({ created_at, key_id }));
};
