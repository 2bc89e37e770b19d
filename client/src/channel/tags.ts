/** @inline */
type TagValue = string | number | boolean;

/**
 * Labels by which channels are found; their keys hold no `:`.
 *
 * @see `Tags` in the contract.
 *
 * @example
 * ```ts
 * import type { Tags } from "@kronicle/client";
 *
 * const tags: Tags = { room: "lab", floor: 3, indoors: true, teams: ["climate", "energy"] };
 * ```
 */
export type Tags = Readonly<Record<string, TagValue | readonly TagValue[]>>;
