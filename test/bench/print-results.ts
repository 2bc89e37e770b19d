/** In charge of the table that people read; it is Markdown, so that it can go into docs/performance.md as it is. */
import type { Result, Spread } from "./result.ts";

export const TABLE_HEAD = [
  "| scenario | measured | ours: median (min–max) | against | its median (min–max) | ratio (min–max) | target | |",
  "| --- | --- | --- | --- | --- | --- | --- | --- |",
].join("\n");

export function tableRow({ scenario, label, unit, ours, limit, ratio, target, notes }: Result): string {
  const cells = [
    scenario,
    label,
    `${range(ours)} ${unit}`,
    limit?.label ?? "–",
    limit ? range(limit) : "–",
    ratio ? `**${ratio.median.toFixed(2)}** (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})` : "–",
    target === null || !ratio ? "report" : `≥ ${target} ${ratio.median >= target ? "met" : "missed"}`,
    notes.join("; "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function range({ median, min, max }: Spread): string {
  return `${figure(median)} (${figure(min)}–${figure(max)})`;
}

function figure(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });
}
