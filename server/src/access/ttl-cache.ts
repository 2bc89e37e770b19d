/** In charge of looking things up at most once in a while, so that requests need no database, and a change is seen soon. */
import { LRUCache } from "lru-cache";

/** With the time that looking up takes, a revocation is in force within five seconds on every server. */
const TTL_MS = 4_000;

/** The oldest make room. */
const MAX_ENTRIES = 10_000;

/** Those who ask at the same time share one look-up. */
export function cacheForAWhile<T>(lookUp: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const entries = new LRUCache<string, Promise<T>>({ max: MAX_ENTRIES, ttl: TTL_MS });
  return (id) => {
    const known = entries.get(id);
    if (known) return known;
    const entry = lookUp(id);
    entries.set(id, entry);
    // An outage of the database says nothing about a credential.
    entry.catch(() => {
      if (entries.peek(id) === entry) entries.delete(id);
    });
    return entry;
  };
}
