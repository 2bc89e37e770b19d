/**
 * In charge of how large the labels of a channel may be. A list shows them all, so one channel with 30 MB of metadata, which come as 131 KB
 * of gzip, and fourteen like it made an answer of 450 MB.
 */
import type { Fault } from "../problems/fault.ts";
import { jsonPointer } from "../formats/json-pointer.ts";

export const LABEL_FIELDS = ["column_info", "metadata", "tags"] as const;

export type Labels = { readonly [Field in (typeof LABEL_FIELDS)[number]]?: object };

/** Of each field by itself, as JSON text in UTF-8. */
const MAX_LABEL_BYTES = 64 * 1024;

/** Smaller numbers JSON.stringify() writes with an exponent, and PostgreSQL with all their digits. */
const WRITTEN_WITH_EXPONENT = 1e-6;

/**
 * One fault for each field that is too large.
 *
 * @param stored what is there already: labels from before there was a limit may stay, and become smaller.
 */
export function oversizedLabels(labels: Labels, stored: Labels = {}): Fault[] {
  return LABEL_FIELDS.flatMap((field) => {
    const size = sizeOf(labels[field]);
    if (size <= MAX_LABEL_BYTES || size <= sizeOf(stored[field])) return [];
    const detail = `it takes ${size} bytes as JSON text, and may take ${MAX_LABEL_BYTES} at most`;
    return [{ pointer: jsonPointer([field]), code: "too_large", detail }];
  });
}

function sizeOf(label: object | undefined): number {
  return label === undefined ? 0 : Buffer.byteLength(JSON.stringify(label)) + addedDigits(label);
}

function addedDigits(value: unknown): number {
  if (typeof value === "number") {
    const size = Math.abs(value);
    return size > 0 && size < WRITTEN_WITH_EXPONENT ? Math.ceil(-Math.log10(size)) : 0;
  }
  if (typeof value !== "object" || value === null) return 0;
  let digits = 0;
  for (const item of Object.values(value)) digits += addedDigits(item);
  return digits;
}
