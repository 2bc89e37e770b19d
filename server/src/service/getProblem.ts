import type { Operation } from "../contract/operation.ts";
import { PLAIN_PAGE_HEADERS } from "./docs/page.ts";
import { problemPage } from "./docs/problem-page.ts";
import { isProblemCode } from "../problems/codes.ts";
import { ProblemError } from "../problems/problem-error.ts";

export const getProblem: Operation<"getProblem"> = async ({ path: { code } }, { contract }) => {
  if (!isProblemCode(code))
    throw new ProblemError(
      "path_not_found",
      "There is no problem of this code; the page of any other one, such as /problems/path_not_found, lists them all.",
    );
  return { status: 200, type: "text/html", headers: PLAIN_PAGE_HEADERS, body: problemPage(code, contract) };
};
