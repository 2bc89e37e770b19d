import type { Operation } from "../contract/operation.ts";
import { ConstantText } from "../contract/constant-text.ts";
import { PLAIN_PAGE_HEADERS } from "./docs/page.ts";
import { problemsPage } from "./docs/problems-page.ts";

/** Made once: it is the same for everybody, and anybody may ask. */
let page: ConstantText | null = null;

export const listProblems: Operation<"listProblems"> = async () => {
  page ??= new ConstantText(problemsPage());
  return { status: 200, type: "text/html", headers: PLAIN_PAGE_HEADERS, body: page };
};
