import type { Operation } from "../contract/operation.ts";
import { docsPage } from "./docs/docs-page.ts";
import { SCRIPTED_PAGE_HEADERS } from "./docs/page.ts";

export const getDocs: Operation<"getDocs"> = async (_request, { contract }) => ({
  status: 200,
  type: "text/html",
  headers: SCRIPTED_PAGE_HEADERS,
  body: docsPage(contract.version),
});
