/** In charge of what a person reads at the end of the demo: a table for each data set. */
import type { DemoResult } from "./run-demo.ts";

const LABEL_WIDTH = 24;

const COUNT = new Intl.NumberFormat("en");

export function printResult(result: DemoResult): void {
  const figures: [label: string, value: string][] = [
    ["rows sent", COUNT.format(result.sentRows)],
    ["rows stored", COUNT.format(result.storedRows)],
    ["first time", String(result.firstTime)],
    ["last time", String(result.lastTime)],
    [`mean ${result.column}, API`, String(result.meanFromApi)],
    [`mean ${result.column}, file`, String(result.meanFromFile)],
    ["months, API and file", `${result.equalMonths} of ${result.months} equal`],
  ];
  console.log(`\n${result.title}`);
  for (const [label, value] of figures) console.log(`  ${label.padEnd(LABEL_WIDTH)}${value}`);
}
