import type { Operation } from "../../contract/operation.ts";
import { JsonText } from "../../contract/json-text.ts";
import { channelJson } from "../../channels/channel-json.ts";
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { Column } from "../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import { badQuery } from "../../problems/common.ts";
import { countRows, MAX_PAGE_BYTES, planRead, selectInWindows } from "../read/read-page.ts";
import { TIME_COLUMN, unknownColumn } from "../read/row-filter.ts";
import type { RowQuery } from "../read/row-query.ts";
import { selectRows } from "../read/queries/selectRows.ts";
import { largestTriangles } from "./largest-triangles.ts";
import { selectExtremes } from "./queries/selectExtremes.ts";

const DEFAULT_POINTS = 2_000;
/** Of four times as many candidates the largest triangles give the picture that they would of all rows. */
const CANDIDATES = 4;

export const sampleRows: Operation<"sampleRows"> = async (request, { database, observe, now }) => {
  const { column: columnName, method = "minmax", max_points: maxPoints = DEFAULT_POINTS } = request.query;
  const { channel, page, sampledFrom } = await database.pools.reader.read(request.signal, async (connection) => {
    const { channel, query: asked } = await planRead(connection, request, { now: now() });
    const column = findNumber(channel, columnName);
    const query: RowQuery = {
      ...asked,
      filters: [...asked.filters, { kind: "null", column, isNull: false }],
      sort: [{ column: TIME_COLUMN, isDescending: false }],
    };
    const { points, count } = await selectExtremes(connection, channel, query, {
      column,
      most: method === "lttb" ? CANDIDATES * maxPoints : maxPoints,
      hasEnds: method === "m4",
    });
    const sampled = method === "lttb" ? largestTriangles(points, maxPoints) : points;
    const wanted: RowQuery =
      count <= maxPoints
        ? query
        : { ...query, filters: [...query.filters, { kind: "place-in", column: TIME_COLUMN, places: sampled }] };
    const page = await selectInWindows(connection, selectRows, channel, wanted, {
      after: null,
      offset: 0,
      limit: maxPoints,
      maxBytes: MAX_PAGE_BYTES,
      lastRow: null,
    });
    return { channel, page, sampledFrom: count };
  });
  if (page && page.found > page.most) {
    const detail = `the rows take more than ${MAX_PAGE_BYTES} bytes; name the columns that are needed`;
    throw badQuery([{ parameter: "columns", code: "too_large", detail }]);
  }
  observe({ event: "rows_read", rows: countRows(page) });
  const parts = channelJson(channel, { rows: page?.json ?? "[]", sampled_from: String(sampledFrom) });
  return { status: 200, body: new JsonText(parts) };
};

/** @throws ProblemError query_invalid */
function findNumber({ columns }: StoredChannel, name: string): Column {
  const column = columns.find((each) => each.name === name);
  if (!column)
    throw badQuery([
      unknownColumn(
        "column",
        name,
        columns.map((each) => each.name),
      ),
    ]);
  if (TYPE_RULES[column.type].isRanged && column.type !== "datetime") return column;
  const detail = `"${name}" is ${column.type}: only numbers are drawn`;
  throw badQuery([{ parameter: "column", code: "wrong_type", detail }]);
}
