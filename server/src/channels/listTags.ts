import { requesterOf } from "../access/principal.ts";
import { checkTextFilters } from "../contract/check-texts.ts";
import { readListPage, toListPage } from "../contract/list-page.ts";
import type { Operation } from "../contract/operation.ts";
import { planChannelFilter } from "./channel-filter.ts";
import { countPlace } from "./queries/count-place.ts";
import { selectTags } from "./queries/selectTags.ts";

export const listTags: Operation<"listTags"> = async ({ query, principal }, { database }) => {
  checkTextFilters({ tags: query.tags });
  const page = readListPage("/api/v1/tags", query, countPlace, { about: ["tags"] });
  const { scope } = requesterOf({ principal });
  const found = await selectTags(database.pools.reader, scope, planChannelFilter(query), page.after, page.limit + 1);
  const { body, ...reply } = toListPage(page, found, ({ start, hash }) => ({ start, hash }));
  return { ...reply, body: body.map(({ key, channels }) => ({ key, channels })) };
};
