import { z } from "zod";
import type { Operation } from "../contract/operation.ts";
import { selectAuditPage } from "./queries/selectAuditPage.ts";
import { parseInstant } from "../formats/instant.ts";
import { badQuery } from "../problems/common.ts";
import { checkTextFilters } from "../contract/check-texts.ts";
import { readListPage, toListPage } from "../contract/list-page.ts";

/** Digits that every bigint has room for. */
const position = z.string().regex(/^\d{1,18}$/);

export const listAudit: Operation<"listAudit"> = async ({ query }, { database }) => {
  const { actor = null, action = null, target = null } = query;
  checkTextFilters({ actor, action, target });
  const filter = { actor, action, target, from: readTime("from", query.from), to: readTime("to", query.to) };
  const page = readListPage("/rbac/v1/audit", query, position);
  const found = await selectAuditPage(database.pools.admin, filter, page.after, page.limit + 1);
  return toListPage(page, found, ({ id }) => id);
};

function readTime(parameter: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (!instant)
    throw badQuery([{ parameter, code: "not_a_datetime", detail: "expected RFC 3339 with an offset; write + as %2B" }]);
  return instant.text;
}
