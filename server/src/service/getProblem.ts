import { ConstantText } from "../contract/constant-text.ts";
import type { Contract } from "../contract/contract.ts";
import type { Operation } from "../contract/operation.ts";
import { PLAIN_PAGE_HEADERS } from "./docs/page.ts";
import { problemPage } from "./docs/problem-page.ts";
import { didYouMean } from "../formats/did-you-mean.ts";
import { isProblemCode, type ProblemCode, PROBLEMS } from "../problems/codes.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** Each page is made once: they are the same for everybody, and anybody may ask. */
const pages = new WeakMap<Contract, Map<ProblemCode, ConstantText>>();

export const getProblem: Operation<"getProblem"> = async ({ path: { code } }, { contract }) => {
  if (!isProblemCode(code))
    throw new ProblemError(
      "path_not_found",
      `There is no problem of this code${didYouMean(code, Object.keys(PROBLEMS)) || "; /problems lists them all."}`,
    );
  return { status: 200, type: "text/html", headers: PLAIN_PAGE_HEADERS, body: pageOf(code, contract) };
};

function pageOf(code: ProblemCode, contract: Contract): ConstantText {
  const made = pages.get(contract) ?? new Map<ProblemCode, ConstantText>();
  pages.set(contract, made);
  const page = made.get(code) ?? new ConstantText(problemPage(code, contract));
  made.set(code, page);
  return page;
}
