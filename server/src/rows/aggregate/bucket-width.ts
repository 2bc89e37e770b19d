/** In charge of how long a bucket is: of one kind, for months, days and hours do not turn into each other. */
import { parseDuration } from "../../formats/duration.ts";

/** Midnights and firsts of months are those of a time zone; what is shorter than a day is the same everywhere. */
export type BucketWidth =
  | { readonly unit: "micros"; readonly count: bigint }
  | { readonly unit: "days"; readonly count: number }
  | { readonly unit: "months"; readonly count: number };

const MICROS_PER_SECOND = 1_000_000n;
export const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND;
const MIN_MICROS = 1_000n;
/** As many as the years that there are. */
const MAX_MONTHS = 12 * 9_999;
const MAX_DAYS = 3_652_059;

/** Null unless the text is a duration of one kind, and neither too short nor longer than all of time. */
export function parseBucketWidth(text: string): BucketWidth | null {
  const duration = parseDuration(text);
  if (!duration) return null;
  const { months, days, micros } = duration;
  if ([months > 0, days > 0, micros > 0n].filter(Boolean).length !== 1) return null;
  if (months > 0) return months > MAX_MONTHS ? null : { unit: "months", count: months };
  if (days > 0) return days > MAX_DAYS ? null : { unit: "days", count: days };
  return micros < MIN_MICROS || micros > BigInt(MAX_DAYS) * MICROS_PER_DAY ? null : { unit: "micros", count: micros };
}

/** In ISO 8601, for `parseBucketWidth` to read. */
export function formatBucketWidth({ unit, count }: BucketWidth): string {
  switch (unit) {
    case "months":
      return count % 12 === 0 ? `P${count / 12}Y` : `P${count}M`;
    case "days":
      return count % 7 === 0 ? `P${count / 7}W` : `P${count}D`;
    case "micros":
      return `PT${formatTime(count)}`;
  }
}

function formatTime(micros: bigint): string {
  const seconds = micros / MICROS_PER_SECOND;
  const fraction = micros % MICROS_PER_SECOND;
  if (fraction > 0n) return `${seconds}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}S`;
  if (seconds % 3_600n === 0n) return `${seconds / 3_600n}H`;
  return seconds % 60n === 0n ? `${seconds / 60n}M` : `${seconds}S`;
}

/** Those that people read axes by, from the shortest on. */
export const NICE_WIDTHS: readonly BucketWidth[] = [
  ...[1n, 2n, 5n, 10n, 15n, 30n].map(ofSeconds),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((minutes) => ofSeconds(minutes * 60n)),
  ...[1n, 2n, 3n, 6n, 12n].map((hours) => ofSeconds(hours * 3_600n)),
  { unit: "days", count: 1 },
  { unit: "days", count: 7 },
  { unit: "months", count: 1 },
  { unit: "months", count: 3 },
  { unit: "months", count: 12 },
];

function ofSeconds(seconds: bigint): BucketWidth {
  return { unit: "micros", count: seconds * MICROS_PER_SECOND };
}
