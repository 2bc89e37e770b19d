/** In charge of guessing what was meant. */
import { closest, distance } from "fastest-levenshtein";

/** An ending for a sentence about an unknown name, empty when nothing is near. Case does not count. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const byFolded = new Map(Array.from(known, (each) => [each.toLowerCase(), each]));
  if (byFolded.size === 0 || name.length > 128) return "";
  const folded = name.toLowerCase();
  const best = closest(folded, [...byFolded.keys()]);
  const isNear = distance(folded, best) <= Math.max(1, Math.floor(best.length / 3));
  return isNear ? `; did you mean "${byFolded.get(best)}"?` : "";
}
