import { z } from "zod";
import { JsonText } from "../contract/json-text.ts";
import type { Operation } from "../contract/operation.ts";
import type { DatabaseRole } from "../config/database-role.ts";
import { selectChannelPage } from "./queries/selectChannelPage.ts";
import { planChannelFilter } from "./channel-filter.ts";
import { channelJson } from "./channel-json.ts";
import { packCursor, unpackCursor } from "../formats/cursor.ts";
import { badCursor } from "../problems/common.ts";
import { checkTextFilters } from "../contract/check-texts.ts";
import { nextPage } from "../contract/list-page.ts";
import { requesterOf } from "../access/principal.ts";

const DEFAULT_LIMIT = 1_000;
const lastId = z.int32().min(0);

export const listChannels = listOn("reader", "/api/v1/channels");
export const listChannelsAsWriter = listOn("writer", "/data/v1/channels");
export const listChannelsAsAdmin = listOn("admin", "/setup/v1/channels");

function listOn(role: DatabaseRole, path: string): Operation<"listChannels"> {
  return async ({ query, principal }, { database }) => {
    const limit = query.limit ?? DEFAULT_LIMIT;
    checkTextFilters({ name: query.name, tags: query.tags, metadata: query.metadata });
    const filter = planChannelFilter(query);
    const after = query.cursor === undefined ? 0 : unpackCursor(query.cursor, filter, lastId);
    if (after === null) throw badCursor();

    const found = await selectChannelPage(database.pools[role], requesterOf({ principal }).scope, filter, after, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next =
      found.length > limit && last ? nextPage(path, { ...query, limit, cursor: packCursor(last.id, filter) }) : undefined;
    return {
      status: 200,
      headers: next === undefined ? {} : { Link: next },
      body: new JsonText(`[${page.map((channel) => channelJson(channel).join("")).join(",")}]`),
    };
  };
}
