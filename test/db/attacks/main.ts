/** Tries every attack on every lane of each deployment, and prints what came of it: `npm run attacks`. Fails when one is not as expected. */
import { ATTACKS } from "./attacks.ts";
import { DEPLOYMENTS } from "./deployments.ts";
import { LANES } from "./lane.ts";
import { SWITCHES } from "./switches.ts";
import { prepareTarget } from "./target.ts";

let unexpected = 0;
const cell = (measured: string, expected: string) => {
  if (measured === expected) return measured;
  unexpected += 1;
  return `**${measured}, not ${expected}**`;
};

for (const { name, start } of DEPLOYMENTS) {
  await using server = await start();
  const target = await prepareTarget(server);
  const lines: string[][] = [];
  for (const sql of new Set(ATTACKS.map((attack) => attack.sql))) {
    const line = [`\`${sql.replaceAll(/\s+/g, " ").replaceAll("|", "\\|")}\``];
    for (const lane of LANES) {
      const attack = ATTACKS.find((candidate) => candidate.lane === lane && candidate.sql === sql);
      line.push(attack ? cell(await target.attack(lane, sql), attack.expected) : "");
    }
    lines.push(line);
  }
  for (const { sql, worksWith } of SWITCHES) {
    const line = [`\`${sql}\``];
    for (const lane of LANES) {
      const works = await target.changesRole(lane, sql);
      line.push(cell(works ? "works" : "refused", worksWith.includes(name) ? "works" : "refused"));
    }
    lines.push(line);
  }
  const head = [`with ${name}`, ...LANES];
  const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  process.stdout.write(`${table}\n\n`);
}
process.stdout.write(`An SQLSTATE is a refusal; 42501 is "no right". ${unexpected} are not as expected.\n`);
process.exitCode = unexpected === 0 ? 0 : 1;
