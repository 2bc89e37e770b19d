/** In charge of guessing what was meant. */
import { closest, distance } from "fastest-levenshtein";

/**
 * An ending for a sentence about an unknown name, empty when nothing is near. Case does not count.
 *
 * @param prefix that names have in common, and that makes none of them near.
 */
export function didYouMean(name: string, known: Iterable<string>, prefix = ""): string {
  const fold = (text: string) => (text.startsWith(prefix) ? text.slice(prefix.length) : text).toLowerCase();
  const byFolded = new Map(Array.from(known, (each) => [fold(each), each]));
  if (byFolded.size === 0 || name.length > 128) return "";
  const folded = fold(name);
  const candidates = [...byFolded.keys()];
  const best = candidates.find((each) => isSwapped(folded, each)) ?? closest(folded, candidates);
  // A name of one letter is as far from every other as it is long.
  const isNear =
    isSwapped(folded, best) || distance(folded, best) <= Math.min(best.length - 1, Math.max(1, Math.floor(best.length / 3)));
  return isNear ? `; did you mean "${byFolded.get(best)}"?` : "";
}

/** Two neighbours that changed places are one slip of the fingers, and two changes of letters. */
function isSwapped(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
}
