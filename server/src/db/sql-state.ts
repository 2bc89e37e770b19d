/** In charge of what PostgreSQL and our own functions call an error by (https://www.postgresql.org/docs/17/errcodes-appendix.html). */

export const SQLSTATE = {
  numberOutOfRange: "22003",
  invalidParameter: "22023",
  uniqueViolation: "23505",
  duplicateObject: "42710",
  lockNotAvailable: "55P03",
  internalError: "XX000",
  /** Ours: as many series tables as there may be, and none with the slots that are needed. */
  layoutLimit: "KR001",
  /** Ours: the columns of a channel were changed, or it was deleted, since it was read. */
  channelChanged: "KR002",
  /** Ours: a channel is being changed at this moment. */
  channelChanging: "KR003",
  /** Ours: a series table has more chunks than can be locked together. */
  tooManyChunks: "KR004",
} as const;

/** Classes of SQLSTATEs, by their first two letters. */
const CLASSES_OF_ALL = /^(08|53|57|58|XX)/;

/** Whether a failure is of the connection, of resources or of the server itself, and says nothing about any one append. */
export function concernsAll(state: string): boolean {
  return CLASSES_OF_ALL.test(state);
}

/** The SQLSTATE of a database error, wherever in its chain of causes it stands; null if it has none. */
export function sqlState(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && typeof current.code === "string" && /^[0-9A-Z]{5}$/.test(current.code)) return current.code;
  }
  return null;
}
