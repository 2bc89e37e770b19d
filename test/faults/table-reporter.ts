/** In charge of the table that `npm run reliability` prints: one line for each fault test, with what it has measured. */
import type { Reporter, TestModule } from "vitest/node";

const MARKS = { passed: "holds", failed: "**broken**", skipped: "not run here", pending: "not run here" } as const;

export default class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => [test.fullName.replaceAll(" > ", " "), MARKS[test.result().state], test.meta().figure ?? ""]);
    const head = ["what happens", "promise", "measured"];
    const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
    process.stdout.write(`\n${table}\n`);
  }
}
