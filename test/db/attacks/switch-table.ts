import type { Deployment } from "./deployments.ts";
import { SWITCHES } from "./switches.ts";

const NAMES: readonly Deployment["name"][] = ["separate logins", "one login", "embedded"];

/** The switches as people read them: what becomes of each with each deployment. */
export function toSwitchTable(): string {
  const lines = SWITCHES.map(({ sql, worksWith }) =>
    [`\`${sql}\``].concat(NAMES.map((name) => (worksWith.includes(name) ? "works" : "refused"))),
  );
  const head = ["SQL", ...NAMES];
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
