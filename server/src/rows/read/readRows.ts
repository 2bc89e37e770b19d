import type { Operation } from "../../contract/operation.ts";
import type { DatabaseRole } from "../../config/database-role.ts";
import { selectRows } from "./queries/selectRows.ts";
import { answerPage } from "./answer-page.ts";

export const readRows = readOn("reader");
export const readRowsAsWriter = readOn("writer");
export const readRowsAsAdmin = readOn("admin");

function readOn(role: DatabaseRole): Operation<"readRows"> {
  return (request, context) => answerPage(role, request, context, selectRows, (page) => ({ rows: page?.json ?? "[]" }));
}
