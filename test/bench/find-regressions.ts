/** In charge of the comparison with an earlier run: ratios only, for machines and their moods differ. */
import type { Result } from "./result.ts";

const MOST_LOST = 0.15;

/** One sentence for each ratio that dropped by more than 15 %. Rows that one of the runs does not have are passed over. */
export function findRegressions(before: readonly Result[], now: readonly Result[]): string[] {
  return now.flatMap(({ scenario, label, ratio, limit }) => {
    const earlier = before.find((row) => row.scenario === scenario && row.label === label && row.limit?.label === limit?.label);
    if (!ratio || !earlier?.ratio || ratio.median >= earlier.ratio.median * (1 - MOST_LOST)) return [];
    return [`${scenario}, ${label}: the ratio fell from ${earlier.ratio.median.toFixed(2)} to ${ratio.median.toFixed(2)}`];
  });
}
