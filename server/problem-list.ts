/** In charge of the list of problems for readers of the repository. Run by itself it writes docs/problems.md. */
import { writeFileSync } from "node:fs";
import { PROBLEMS, type ProblemText } from "./src/problems/codes.ts";

const problems: readonly (readonly [string, ProblemText])[] = Object.entries(PROBLEMS);

export const problemCodes = problems.map(([code]) => code);

export function problemList(): string {
  const sections = problems.map(
    ([code, { status, title, meaning, remedy }]) =>
      `## ${code}\n\n**${status} – ${title}.** ${meaning}\n\n_What to do:_ ${remedy}\n`,
  );
  return `# Problems

Every answer that is no success is \`application/problem+json\` (RFC 9457). Its \`code\` is one of these; its \`type\` leads to the same text on
the server, \`/problems/<code>\`. This file is written by \`npm run problems\`.

${sections.join("\n")}`;
}

if (import.meta.main) writeFileSync(new URL("../docs/problems.md", import.meta.url), problemList());
