/** Nobody lets us in at the address of a setting: wrong address, user or password, or a database that is not up yet. */
export class UnreachableError extends Error {
  override name = "UnreachableError";

  constructor(setting: string, cause: unknown) {
    super(
      `The database of ${setting} cannot be opened: ${reasonOf(cause)}. Check that it runs, and that address, name, user and password are right.`,
      { cause },
    );
  }
}

/** A name with several addresses fails with one error for each, and no words of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(", ");
  return cause instanceof Error ? cause.message : String(cause);
}
