/** In charge of bodies that are answered before they have ended: their rest is read for a moment, and then cut off. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Long enough for who sends all of it before it looks for an answer, short enough for a body that never ends. */
const LINGER_MS = 1_000;

export function cutOffUnread(request: IncomingMessage, response: ServerResponse): void {
  response.once("finish", () => {
    if (request.complete) return;
    const cut = setTimeout(() => request.socket.destroy(), LINGER_MS);
    request.once("close", () => clearTimeout(cut));
  });
}
