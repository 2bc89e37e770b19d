import { z } from "zod";
import { JsonText } from "../contract/json-text.ts";
import type { Operation } from "../contract/operation.ts";
import type { DatabaseRole } from "../config/database-role.ts";
import { selectChannelPage } from "./queries/selectChannelPage.ts";
import { planChannelFilter } from "./channel-filter.ts";
import { channelJson } from "./channel-json.ts";
import { checkTextFilters } from "../contract/check-texts.ts";
import { readListPage, toListPage } from "../contract/list-page.ts";
import { requesterOf } from "../access/principal.ts";

const DEFAULT_LIMIT = 1_000;
/** The internal id of the last channel of a page. */
const lastId = z.int32().min(0);
const FROM_START = 0;
/** A page of channels whose labels are large ends early. Labels may be far larger than 64 KiB that were stored before there was a limit. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

export const listChannels = listOn("reader", "/api/v1/channels");
export const listChannelsAsWriter = listOn("writer", "/data/v1/channels");
export const listChannelsAsAdmin = listOn("admin", "/setup/v1/channels");

function listOn(role: DatabaseRole, path: string): Operation<"listChannels"> {
  return async ({ query, principal }, { database }) => {
    checkTextFilters({ name: query.name, tags: query.tags, metadata: query.metadata });
    const page = readListPage(path, query, lastId, { defaultLimit: DEFAULT_LIMIT });
    const { scope } = requesterOf({ principal });
    const found = await selectChannelPage(database.pools[role], scope, planChannelFilter(query), page.after ?? FROM_START, {
      limit: page.limit,
      maxBytes: MAX_PAGE_BYTES,
    });
    const held = found.filter(({ is_on_page }) => is_on_page).length;
    const { body, ...reply } = toListPage(page, found, ({ id }) => id, held);
    return { ...reply, body: new JsonText(`[${body.map((channel) => channelJson(channel).join("")).join(",")}]`) };
  };
}
