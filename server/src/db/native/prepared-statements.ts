/**
 * In charge of which statements a session keeps prepared: one that comes again and again is parsed and planned once, which takes longer
 * than running it (docs/adr/0023-prepared-statements.md).
 */
import { LRUCache } from "lru-cache";

/** Of what a statement brings back. */
export type Column = { readonly name: string; readonly dataTypeID: number };

/** What comes only once or twice is not worth it. */
const ENOUGH_USES = 3;
/** A plan takes tens of kilobytes of the session; those that were used longest ago make room. */
const MAX_PREPARED = 64;
const MAX_COUNTED = 256;

export type Preparation = {
  /** Empty: prepared for this one time. */
  readonly name: string;
  /** What an earlier use brought back; null unless the session has prepared it. */
  readonly columns: readonly Column[] | null;
  /** The name of one that the session is to forget. */
  readonly outdated: string | null;
};

export type PreparedStatements = {
  readonly recall: (text: string) => Preparation;
  /** The session has answered, so it has prepared what it was told to. */
  readonly keep: (text: string, preparation: Preparation, columns: readonly Column[]) => void;
  /** The statement failed: whether the session has prepared it is not known. */
  readonly forget: (text: string) => void;
};

export const NOT_PREPARED: Preparation = { name: "", columns: null, outdated: null };

export function createPreparedStatements(): PreparedStatements {
  const prepared = new LRUCache<string, Preparation>({ max: MAX_PREPARED });
  const uses = new LRUCache<string, number>({ max: MAX_COUNTED });
  let made = 0;

  const isWorthIt = (text: string): boolean => {
    const count = (uses.get(text) ?? 0) + 1;
    if (count < ENOUGH_USES) uses.set(text, count);
    else uses.delete(text);
    return count >= ENOUGH_USES;
  };
  const makeRoom = (): string | null => (prepared.size < MAX_PREPARED ? null : (prepared.pop()?.name ?? null));

  return {
    recall: (text) => {
      const known = prepared.get(text);
      if (known) return known;
      if (!isWorthIt(text)) return NOT_PREPARED;
      made += 1;
      return { name: `s${made}`, columns: null, outdated: makeRoom() };
    },
    keep: (text, { name }, columns) => {
      if (name !== "") prepared.set(text, { name, columns, outdated: null });
    },
    forget: (text) => {
      prepared.delete(text);
    },
  };
}
