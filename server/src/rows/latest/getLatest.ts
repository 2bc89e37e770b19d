import { requesterOf } from "../../access/principal.ts";
import { channelJson } from "../../channels/channel-json.ts";
import { selectChannel } from "../../channels/queries/selectChannel.ts";
import { JsonText } from "../../contract/json-text.ts";
import type { Operation } from "../../contract/operation.ts";
import { atOneMoment } from "../../db/at-one-moment.ts";
import { instantOf } from "../../formats/instant.ts";
import { stepBack } from "../../formats/step-back.ts";
import { channelNotFound } from "../../problems/common.ts";
import { ageSeconds } from "./age.ts";
import { findNewestRow } from "./find-newest-row.ts";
import { findNewestValues } from "./find-newest-values.ts";
import { planLatest } from "./plan-latest.ts";

export const getLatest: Operation<"getLatest"> = async (request, { database, observe, now }) => {
  const { path, query: parameters, filters, signal } = request;
  const clock = now();
  const { channel, asOf, row, perColumn } = await database.pools.reader.read(signal, (connection) =>
    atOneMoment(connection, async (moment) => {
      const channel = await selectChannel(moment, path.channel_id, requesterOf(request).scope);
      if (!channel) throw channelNotFound(path.channel_id);
      const { query, asOf, lookback } = planLatest(channel.columns, parameters, filters, clock);
      const row = await findNewestRow(moment, channel, query, asOf);
      if (!lookback) return { channel, asOf, row, perColumn: null };
      const low = row && stepBack(row.time, lookback);
      const values = low && (await findNewestValues(moment, channel, query, { low, high: row.time }));
      return { channel, asOf, row, perColumn: { columns: query.columns, low, values } };
    }),
  );

  observe({ event: "rows_read", rows: row ? 1 : 0 });
  const members = perColumn?.columns.map(({ name }) => `${JSON.stringify(name)}:${perColumn.values?.get(name) ?? "null"}`);
  return {
    status: 200,
    body: new JsonText(
      channelJson(channel, {
        row: row?.json ?? "null",
        age_seconds: JSON.stringify(row && ageSeconds(row.time, asOf ?? instantOf(clock))),
        ...(members && {
          columns: `{${members.join(",")}}`,
          searched_from: JSON.stringify(perColumn?.low?.text.replace(".000000", "") ?? null),
        }),
      }),
    ),
  };
};
