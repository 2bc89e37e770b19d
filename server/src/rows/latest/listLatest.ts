import { z } from "zod";
import { requesterOf } from "../../access/principal.ts";
import { planChannelFilter } from "../../channels/channel-filter.ts";
import { labelFields } from "../../channels/queries/channel-definition.ts";
import { selectChannelPage } from "../../channels/queries/selectChannelPage.ts";
import { checkTextFilters } from "../../contract/check-texts.ts";
import { JsonText } from "../../contract/json-text.ts";
import { readListPage, toListPage } from "../../contract/list-page.ts";
import type { Operation } from "../../contract/operation.ts";
import { atOneMoment } from "../../db/at-one-moment.ts";
import { instantOf } from "../../formats/instant.ts";
import { stepBack } from "../../formats/step-back.ts";
import { findNewestRows } from "./find-newest-rows.ts";
import { latestEntry } from "./latest-entry.ts";
import { planFleet } from "./plan-fleet.ts";

const DEFAULT_LIMIT = 1_000;
/** The internal id of the last channel of a page. */
const lastId = z.int32().min(0);
const FROM_START = 0;
/** A page of channels whose labels are large ends early, as one of `listChannels` does. */
const MAX_LABEL_BYTES = 8 * 1024 * 1024;

export const listLatest: Operation<"listLatest"> = async (request, { database, observe, now }) => {
  const { query, signal } = request;
  checkTextFilters({ name: query.name, tags: query.tags });
  const { columns, maxAge } = planFleet(query);
  const page = readListPage("/api/v1/latest", query, lastId, { defaultLimit: DEFAULT_LIMIT, about: ["latest"] });
  const { scope } = requesterOf(request);
  const { channels, newest } = await database.pools.reader.read(signal, (connection) =>
    atOneMoment(connection, async (moment) => {
      const channels = await selectChannelPage(moment, scope, planChannelFilter(query), page.after ?? FROM_START, {
        limit: page.limit,
        maxBytes: MAX_LABEL_BYTES,
        fields: labelFields,
      });
      const onPage = channels.filter(({ is_on_page }) => is_on_page);
      return { channels, newest: await findNewestRows(moment, onPage, columns) };
    }),
  );

  const at = instantOf(now());
  const staleBefore = stepBack(at, maxAge);
  const { body, ...reply } = toListPage(page, channels, ({ id }) => id, newest.held);
  const entries = body.map((channel) => latestEntry(channel, newest.rows.get(channel.id) ?? null, columns, { at, staleBefore }));
  observe({ event: "rows_read", rows: newest.rows.size });
  return { ...reply, body: new JsonText(`[${entries.join(",")}]`) };
};
