/** In charge of callers who do not take their answer: it is cut off, or anybody could fill the memory by not reading. */
import type { RequestHandler } from "express";

/** Without any headway. Twice as much when the last headway was between two looks. */
const STALLED_MS = 30_000;

export const cutOffStalled: RequestHandler = (request, response, next) => {
  const { socket } = request;
  response.setTimeout(STALLED_MS, () => {
    // Nothing to be taken: it is the caller who waits, for the database.
    // Reset, so that the system keeps nothing for them, either.
    if (socket.writableLength > 0) socket.resetAndDestroy();
  });
  next();
};
