import { requesterOf } from "../access/principal.ts";
import { checkTextFilters } from "../contract/check-texts.ts";
import { JsonText } from "../contract/json-text.ts";
import { readListPage, toListPage } from "../contract/list-page.ts";
import type { Operation } from "../contract/operation.ts";
import { planChannelFilter } from "./channel-filter.ts";
import { countPlace } from "./queries/count-place.ts";
import { selectTagValues } from "./queries/selectTagValues.ts";

export const listTagValues: Operation<"listTagValues"> = async ({ path, query, principal }, { database }) => {
  checkTextFilters({ key: path.key, tags: query.tags });
  const page = readListPage(`/api/v1/tags/${encodeURIComponent(path.key)}/values`, query, countPlace, {
    about: ["tags", path.key],
  });
  const { scope } = requesterOf({ principal });
  const filter = planChannelFilter(query);
  const found = await selectTagValues(database.pools.reader, scope, filter, path.key, page.after, page.limit + 1);
  const { body, ...reply } = toListPage(page, found, ({ start, hash }) => ({ start, hash }));
  // A number as it is stored: JavaScript might write it in another way.
  return {
    ...reply,
    body: new JsonText(`[${body.map(({ value, channels }) => `{"value":${value},"channels":${channels}}`).join(",")}]`),
  };
};
