/** All connections of a database role are in use, and so many wait for one already, or for so long, that nobody else may. Nothing was begun. */
export class BusyError extends Error {
  override name = "BusyError";
}
