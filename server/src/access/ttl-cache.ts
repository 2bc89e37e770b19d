/** In charge of looking things up at most once in a while, so that requests need no database, and a change is seen soon. */

/** With the time that looking up takes, a revocation is in force within five seconds on every server. */
const REMEMBERED_MS = 4_000;

/** So many are kept in memory; the oldest make room. */
const MAX_REMEMBERED = 10_000;

type Remembered<T> = { readonly since: number; readonly value: Promise<T> };

export function remember<T>(lookUp: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const remembered = new Map<string, Remembered<T>>();
  return (id) => {
    const known = remembered.get(id);
    if (known && performance.now() - known.since < REMEMBERED_MS) return known.value;

    const entry = { since: performance.now(), value: lookUp(id) };
    remembered.delete(id);
    remembered.set(id, entry);
    // An outage of the database says nothing about a credential.
    entry.value.catch(() => {
      if (remembered.get(id) === entry) remembered.delete(id);
    });
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return entry.value;
  };
}
