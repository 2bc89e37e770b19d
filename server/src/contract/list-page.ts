/** In charge of lists that come page by page: a JSON array, and a Link to the next page (RFC 8288). */
import { z } from "zod";
import { packCursor, unpackCursor } from "../formats/cursor.ts";
import { parseInstant } from "../formats/instant.ts";
import { badCursor } from "../problems/common.ts";

const DEFAULT_LIMIT = 100;

/** Where a page ended: anybody can make up a cursor, and the database is given none of what it cannot read. */
export const timeOfEntry = z.string().refine((text) => parseInstant(text) !== null);

type Filter = Readonly<Record<string, string | number | readonly string[]>>;

type ListQuery = { readonly limit?: number | undefined; readonly cursor?: string | undefined } & Readonly<
  Record<string, string | number | readonly string[] | undefined>
>;

type ListOptions = {
  readonly defaultLimit?: number;
  /** What tells lists apart whose parameters may be the same. Lanes are not told apart. */
  readonly about?: readonly string[];
};

type ListPage<Position> = {
  readonly path: string;
  readonly about: readonly string[];
  /** Everything but where the page begins. */
  readonly filter: Filter;
  readonly limit: number;
  readonly after: Position | null;
};

/** @throws ProblemError query_invalid unless the cursor came from a page of this query. */
export function readListPage<Position>(
  path: string,
  query: ListQuery,
  shape: z.ZodType<Position>,
  { defaultLimit = DEFAULT_LIMIT, about = [] }: ListOptions = {},
): ListPage<Position> {
  const { limit = defaultLimit, cursor, ...rest } = query;
  const filter: Filter = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const after = cursor === undefined ? null : unpackCursor(cursor, identify(filter, about), shape);
  if (cursor !== undefined && after === null) throw badCursor();
  return { path, about, filter, limit, after };
}

/** What has to be the same on each page, in whatever order and on whatever lane a caller writes it. */
function identify(filter: Filter, about: readonly string[]): unknown {
  return [Object.entries(filter).toSorted(([one], [other]) => (one < other ? -1 : 1)), ...about];
}

/**
 * @param found one more than the page holds, if there is one.
 * @param held how many of them are on the page, when it ends before its limit.
 */
export function toListPage<Item, Position>(
  { path, about, filter, limit }: ListPage<Position>,
  found: readonly Item[],
  positionOf: (item: Item) => Position,
  held = limit,
) {
  const items = found.slice(0, held);
  const last = items.at(-1);
  const hasMore = found.length > held && last !== undefined;
  const cursor = hasMore ? packCursor(positionOf(last), identify(filter, about)) : null;
  return {
    status: 200 as const,
    headers: cursor === null ? {} : { Link: nextPage(path, { ...filter, limit, cursor }) },
    body: items,
  };
}

/** RFC 8288. A relative reference: only the caller knows under which address it reached us. */
function nextPage(path: string, query: Filter): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) parameters.append(name, String(item));
  }
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
