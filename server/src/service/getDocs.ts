import { ConstantText } from "../contract/constant-text.ts";
import type { Contract } from "../contract/contract.ts";
import type { Operation } from "../contract/operation.ts";
import { docsPage } from "./docs/docs-page.ts";
import { SCRIPTED_PAGE_HEADERS } from "./docs/page.ts";

/** The page is made once: it is the same for everybody, and anybody may ask. */
const pages = new WeakMap<Contract, ConstantText>();

export const getDocs: Operation<"getDocs"> = async (_request, { contract }) => {
  const page = pages.get(contract) ?? new ConstantText(docsPage(contract.version));
  pages.set(contract, page);
  return { status: 200, type: "text/html", headers: SCRIPTED_PAGE_HEADERS, body: page };
};
