/** In charge of what fault tests have measured: each hands in a line, which `npm run reliability` prints as a table. */
import type { TestContext } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    figure?: string;
  }
}

export function recordFigure({ task }: TestContext, figure: string): void {
  task.meta.figure = figure;
}

/** 200 ×812, 503 database_unavailable ×37 */
export function describeAnswers(answers: ReadonlyMap<string, number>): string {
  return [...answers]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([answer, count]) => `${answer} ×${count}`)
    .join(", ");
}
