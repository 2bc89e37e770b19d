import { z } from "zod";
import type { Operation } from "../../contract/operation.ts";
import { selectUserPage } from "./queries/selectUserPage.ts";
import { checkTextFilters } from "../../contract/check-texts.ts";
import { readListPage, timeOfEntry, toListPage } from "../../contract/list-page.ts";

const position = z.object({ created_at: timeOfEntry, id: z.uuid() });

export const listUsers: Operation<"listUsers"> = async ({ query }, { database }) => {
  checkTextFilters({ email: query.email, name: query.name, orcid: query.orcid });
  const page = readListPage("/rbac/v1/users", query, position);
  const filter = { email: query.email?.toLowerCase() ?? null, name: query.name ?? null, orcid: query.orcid ?? null };
  const found = await selectUserPage(database.pools.auth, filter, page.after, page.limit + 1);
  return toListPage(page, found, ({ created_at, id }) => ({ created_at, id }));
};
