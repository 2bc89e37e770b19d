/** The connection ended while a statement ran on it: nobody can say from here whether it was committed. */
export class ConnectionLostError extends Error {
  override name = "ConnectionLostError";

  constructor(cause: unknown) {
    super(`the connection to the database was lost: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
