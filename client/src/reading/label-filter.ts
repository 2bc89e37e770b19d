/** @inline */
type LabelValue = string | number | boolean;

/** @inline */
type Presence = {
  /** The channel has the label, whatever its value. */
  readonly exists: true;
};

/**
 * Which channels to list by their tags or metadata: those that have all of these labels.
 *
 * A list asks for each of its values, which only a label that is a list can have. The number 3 and the text "3" are not told
 * apart. A condition that says nothing (undefined, `[]`) is a TypeError.
 *
 * @example
 * ```ts
 * import type { LabelFilter } from "@kronicle/client";
 *
 * const filter: LabelFilter = { room: "lab", teams: ["climate", "energy"], calibrated: { exists: true } };
 * console.log(filter);
 * ```
 */
export type LabelFilter = Readonly<Record<string, LabelValue | readonly LabelValue[] | Presence>>;
