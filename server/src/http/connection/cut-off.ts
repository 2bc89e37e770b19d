/** In charge of callers who keep a connection busy for nothing: who does not take an answer, and who sends on what nobody wants. */
import type { RequestHandler } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Without any headway. Twice as much when the last headway was between two looks. */
const STALLED_MS = 30_000;

/** An answer that its caller does not take is cut off, or anybody could fill the memory by not reading. */
export const cutOffStalled: RequestHandler = (request, response, next) => {
  const { socket } = request;
  response.setTimeout(STALLED_MS, () => {
    // Nothing to be taken: it is the caller who waits, for the database.
    // Reset, so that the system keeps nothing for them, either.
    if (socket.writableLength > 0) socket.resetAndDestroy();
  });
  next();
};

/** Long enough for who sends all of it before it looks for an answer, short enough for a body that never ends. */
const LINGER_MS = 1_000;

/** Of a body that is answered before it has ended, the rest is read for a moment, and then cut off. */
export function cutOffUnread(request: IncomingMessage, response: ServerResponse): void {
  response.once("finish", () => {
    if (request.complete) return;
    const cut = setTimeout(() => request.socket.destroy(), LINGER_MS);
    request.once("close", () => clearTimeout(cut));
  });
}
