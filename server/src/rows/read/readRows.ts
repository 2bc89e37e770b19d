import type { Operation } from "../../contract/operation.ts";
import type { Lane } from "../../config/lane.ts";
import { selectRows } from "./queries/selectRows.ts";
import { answerPage } from "./answer-page.ts";

export const readRows = readOn("reader");
export const readRowsAsWriter = readOn("writer");
export const readRowsAsAdmin = readOn("admin");

function readOn(lane: Lane): Operation<"readRows"> {
  return (request, context) => answerPage(lane, request, context, selectRows, (page) => ({ rows: page?.json ?? "[]" }));
}
