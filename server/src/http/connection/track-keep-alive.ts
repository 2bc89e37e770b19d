/** In charge of connections that are not to outlive the answer they are on: one that goes on would be used again while the server stops. */
import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Knows the answer that each connection waits for, by connection and not as a set of answers: V8 keeps what a long-lived set has forgotten
 * until its next full collection, and then all that came after it, so that every request would be moved to the old generation.
 *
 * @returns what makes each answer on its way the last of its connection.
 */
export function trackKeepAlive(server: Server): () => void {
  const answers = new Map<Socket, ServerResponse | null>();
  server.prependListener("connection", (socket) => {
    answers.set(socket, null);
    socket.once("close", () => answers.delete(socket));
  });
  server.prependListener("request", ({ socket }, response) => {
    answers.set(socket, response);
    response.once("close", () => {
      if (answers.get(socket) === response) answers.set(socket, null);
    });
  });
  return () => {
    for (const answer of answers.values()) if (answer) answer.shouldKeepAlive = false;
  };
}
