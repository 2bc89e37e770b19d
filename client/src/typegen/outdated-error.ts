/** A file is not what it would be if it were written now. */
export class OutdatedError extends Error {
  override name = "OutdatedError";
}
