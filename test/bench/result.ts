/** In charge of figures: several rounds of each side become a median with its range, and a ratio between the two. */
import { z } from "zod";

const spread = z.object({ median: z.number(), min: z.number(), max: z.number() });

export type Spread = z.infer<typeof spread>;

export const result = z.object({
  scenario: z.string(),
  label: z.string(),
  unit: z.string(),
  ours: spread,
  /** What ours is measured against, and how that did; null where there is nothing. */
  limit: spread.extend({ label: z.string() }).nullable(),
  /** Ours divided by the limit, round by round. */
  ratio: spread.nullable(),
  target: z.number().nullable(),
  /** What else there is to know, such as latencies. */
  notes: z.array(z.string()),
});

export type Result = z.infer<typeof result>;

type Comparison = {
  readonly scenario: string;
  readonly label: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly limit?: { readonly label: string; readonly figures: readonly number[] };
  readonly target?: number;
  readonly notes?: readonly string[];
};

export function toResult({ scenario, label, unit, ours, limit, target, notes = [] }: Comparison): Result {
  return {
    scenario,
    label,
    unit,
    ours: spreadOf(ours),
    limit: limit ? { label: limit.label, ...spreadOf(limit.figures) } : null,
    // Both sides of a round met the same moods of the machine.
    ratio: limit ? spreadOf(ours.map((figure, round) => figure / (limit.figures[round] ?? Number.NaN))) : null,
    target: target ?? null,
    notes: [...notes],
  };
}

function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((left, right) => left - right);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  return { median, min: sorted.at(0) ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
