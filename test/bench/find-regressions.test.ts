import { expect, test } from "vitest";
import { findRegressions } from "./find-regressions.ts";
import { toResult } from "./result.ts";

/** A row whose ratio has this median. */
function row(label: string, ratio: number) {
  const limit = { label: "limit", figures: [100, 100, 100] };
  return toResult({ scenario: "read", label, unit: "rows/s", ours: [ratio * 90, ratio * 100, ratio * 110], limit });
}

const reported = toResult({ scenario: "start", label: "native", unit: "s", ours: [2] });

test("a ratio that fell by more than 15 % is named with both figures", () => {
  expect(findRegressions([row("kept", 0.8), row("fallen", 0.8)], [row("kept", 0.69), row("fallen", 0.67)])).toEqual([
    "read, fallen: the ratio fell from 0.80 to 0.67",
  ]);
});

test("rows that have no ratio, or that one run does not have, are passed over", () => {
  expect(findRegressions([reported, row("gone", 1)], [reported, row("new", 0.1)])).toEqual([]);
});
