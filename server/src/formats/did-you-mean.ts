/** In charge of guessing what was meant. */
import { closest, distance } from "fastest-levenshtein";

/** An ending for a sentence about an unknown name, empty when nothing is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = [...known];
  if (names.length === 0 || name.length > 128) return "";
  const best = closest(name.toLowerCase(), names);
  const isNear = distance(name.toLowerCase(), best.toLowerCase()) <= Math.max(1, Math.floor(best.length / 3));
  return isNear ? `; did you mean "${best}"?` : "";
}
