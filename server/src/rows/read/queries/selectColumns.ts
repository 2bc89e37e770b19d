import { type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import { narrowTogether } from "../../../columns/queries/time-sql.ts";
import { wideTimeJson } from "../../../columns/queries/type-sql.ts";
import { concat, rowFields } from "./row-json.ts";
import { pageEnd } from "./page-end.ts";
import { isOnPage, pageEndFields, rowPage, type SelectPage } from "./row-selection.ts";

const columnsPage = pageEnd.extend({ json: z.string() });

/** One page of rows as a JSON object with an array for each field, built by the database. */
export const selectColumns: SelectPage<z.infer<typeof columnsPage>> = (connection, channel, query, range) => {
  const join = (json: FragmentSqlToken) =>
    sql.fragment`coalesce(string_agg(${json}, ',') filter (where ${isOnPage(query, range)}), '')`;
  const members = rowFields(query).flatMap(({ name, json, timeSlot }, index) => [
    sql.fragment`${`${index === 0 ? "{" : "],"}${JSON.stringify(name)}:[`}::text`,
    timeSlot === null ? join(json) : narrowTogether(join(sql.fragment`coalesce(${wideTimeJson(timeSlot)}, 'null')`)),
  ]);
  return connection.one(sql.type(columnsPage)`
    select ${concat([...members, sql.fragment`']}'`])} as json, ${pageEndFields(query, range)}
    from (${rowPage(channel, query, range)}) p
  `);
};
