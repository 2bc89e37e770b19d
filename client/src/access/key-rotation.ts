/**
 * How a key gives way to its successor.
 *
 * @example
 * ```ts
 * import type { KeyRotation } from "@kronicle/client";
 *
 * const withinTheHour: KeyRotation = { overlapSeconds: 3_600 };
 * ```
 */
export type KeyRotation = {
  /** How long the old key goes on working, 0 to 2,592,000 (30 days). Default: 86,400, a day. */
  readonly overlapSeconds?: number | undefined;
};
