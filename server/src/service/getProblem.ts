import type { Contract } from "../contract/contract.ts";
import type { Operation } from "../contract/operation.ts";
import { PLAIN_PAGE_HEADERS } from "./docs/page.ts";
import { problemPage } from "./docs/problem-page.ts";
import { isProblemCode, type ProblemCode } from "../problems/codes.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** Each page is made once: they are the same for everybody, and anybody may ask. */
const pages = new WeakMap<Contract, Map<ProblemCode, string>>();

export const getProblem: Operation<"getProblem"> = async ({ path: { code } }, { contract }) => {
  if (!isProblemCode(code))
    throw new ProblemError(
      "path_not_found",
      "There is no problem of this code; the page of any other one, such as /problems/path_not_found, lists them all.",
    );
  return { status: 200, type: "text/html", headers: PLAIN_PAGE_HEADERS, body: pageOf(code, contract) };
};

function pageOf(code: ProblemCode, contract: Contract): string {
  const made = pages.get(contract) ?? new Map<ProblemCode, string>();
  pages.set(contract, made);
  const page = made.get(code) ?? problemPage(code, contract);
  made.set(code, page);
  return page;
}
