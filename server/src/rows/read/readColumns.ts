import type { Operation } from "../../contract/operation.ts";
import type { Lane } from "../../config/lane.ts";
import { selectColumns } from "./queries/selectColumns.ts";
import { fieldNames } from "./row-query.ts";
import { answerPage } from "./answer-page.ts";

export const readColumns = readOn("reader");
export const readColumnsAsWriter = readOn("writer");
export const readColumnsAsAdmin = readOn("admin");

function readOn(lane: Lane): Operation<"readColumns"> {
  return (request, context) =>
    answerPage(lane, request, context, selectColumns, (page, query) => ({
      columns:
        page?.json ??
        `{${fieldNames(query)
          .map((name) => `${JSON.stringify(name)}:[]`)
          .join(",")}}`,
    }));
}
