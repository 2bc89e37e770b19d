import { sql } from "slonik";
import { z } from "zod";
import { rowObject } from "./row-json.ts";
import { pageEnd } from "./page-end.ts";
import { isOnPage, pageEndFields, rowPage, type SelectPage } from "./row-selection.ts";

const rowsPage = pageEnd.extend({ json: z.string() });

/** One page of rows as a JSON array of objects, built by the database. */
export const selectRows: SelectPage<z.infer<typeof rowsPage>> = (connection, channel, query, range) =>
  connection.one(sql.type(rowsPage)`
    select
      '[' || coalesce(string_agg(${rowObject(query)}, ',') filter (where ${isOnPage(query, range)}), '') || ']' as json,
      ${pageEndFields(query, range)}
    from (${rowPage(channel, query, range)}) p
  `);
