/** In charge of `kronicle doctor`. */
import { styleText } from "node:util";
import type { Command } from "@commander-js/extra-typings";
import type { Check } from "./doctor/check.ts";
import { examine } from "./doctor/examine.ts";
import { print } from "./output.ts";

const MORE_HELP = `
Each check is ok; or warn, when it works and could be had better; or fail, when a server would not start or not keep its promises. The exit
code is 1 when one fails.
`;

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check the configuration and the database, and say what to do; changes nothing")
    .option("--json", "print the checks as JSON")
    .addHelpText("after", MORE_HELP)
    .action(async (options) => {
      const checks = await examine(process.env);
      const status = worstOf(checks);
      print({ status, checks }, describe(checks), options);
      if (status === "fail") process.exitCode = 1;
    });
}

function worstOf(checks: readonly Check[]): Check["status"] {
  return (["fail", "warn"] as const).find((status) => checks.some((check) => check.status === status)) ?? "ok";
}

const COLORS = { ok: "green", warn: "yellow", fail: "red" } as const;
/** Under what was found. */
const INDENT = " ".repeat(6);

function describe(checks: readonly Check[]): string {
  const lines = checks.flatMap(({ name, status, found, advice }) => [
    `${styleText(COLORS[status], status.padEnd(INDENT.length))}${name}: ${found.replaceAll("\n", `\n${INDENT}`)}`,
    ...(advice === null ? [] : [`${INDENT}-> ${advice}`]),
  ]);
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  return [...lines, "", `${count("ok")} ok, ${count("warn")} warnings, ${count("fail")} failures`].join("\n");
}
