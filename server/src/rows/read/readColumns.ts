import type { Operation } from "../../contract/operation.ts";
import type { DatabaseRole } from "../../config/database-role.ts";
import { selectColumns } from "./queries/selectColumns.ts";
import { fieldNames } from "./row-query.ts";
import { answerPage } from "./answer-page.ts";

export const readColumns = readOn("reader");
export const readColumnsAsWriter = readOn("writer");
export const readColumnsAsAdmin = readOn("admin");

function readOn(role: DatabaseRole): Operation<"readColumns"> {
  return (request, context) =>
    answerPage(role, request, context, selectColumns, (page, query) => ({
      columns:
        page?.json ??
        `{${fieldNames(query)
          .map((name) => `${JSON.stringify(name)}:[]`)
          .join(",")}}`,
    }));
}
