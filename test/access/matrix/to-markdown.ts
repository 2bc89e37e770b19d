/** In charge of the matrix as people read it: a line for each operation, a column for each principal. */
import { type DocumentedOperation, OPERATIONS } from "../../contract/document.ts";
import { type Target, TARGETS } from "./channels.ts";
import { type Principal, PRINCIPALS } from "./principals.ts";

/** @param textOf what stands in a cell; own and foreign channel share one place where they agree. */
export function toMarkdown(textOf: (operation: DocumentedOperation, principal: Principal, target: Target) => string): string {
  const head = ["operation", ...PRINCIPALS.map(({ name }) => name)];
  const lines = OPERATIONS.map((operation) => {
    const cells = PRINCIPALS.map((principal) => new Set(TARGETS.map((target) => textOf(operation, principal, target))));
    return [`\`${operation.method.toUpperCase()} ${operation.path}\``].concat(cells.map((texts) => [...texts].join(" / ")));
  });
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
