import type { Operation } from "../contract/operation.ts";
import type { Lane } from "../db/lane.ts";
import { selectRows } from "../db/queries/selectRows.ts";
import { answerPage } from "./answer-page.ts";

export const readRows = readOn("reader");
export const readRowsAsWriter = readOn("writer");
export const readRowsAsAdmin = readOn("admin");

function readOn(lane: Lane): Operation<"readRows"> {
  return (request, { database }) =>
    database.pools[lane].read(request.signal, (connection) =>
      answerPage(connection, request, selectRows, (page) => ({ rows: page?.json ?? "[]" })),
    );
}
