import { filterParameters } from "./encode-filter.ts";
import { encodeQuery, nameList, plainParameters } from "./encode-query.ts";

type Fields = {
  readonly where?: unknown;
  readonly columns?: unknown;
  readonly sort?: unknown;
  readonly skipReceived?: unknown;
};

/**
 * The query string of everything that selects rows. A field that is undefined counts as absent; one that the contract does not
 * know goes along, for the server to refuse.
 *
 * @throws TypeError naming the place of a value of a wrong type.
 */
export function encodeRowQuery(query: object): string {
  const { where, columns, sort, skipReceived, ...same }: Fields = query;
  return encodeQuery([
    ...plainParameters({
      ...same,
      columns: nameList(columns, "columns"),
      sort: nameList(sort, "sort"),
      skip_received: skipReceived,
    }),
    ...filterParameters(where),
  ]);
}
