/** In charge of what is no readable HTTP request, and so never reaches the pipeline: it gets a problem like everything else. */
import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "../logger.ts";
import { problemBody } from "../problems/problem-body.ts";

export function refuseUnreadable(server: Server, maxHeaderBytes: number, log: Logger): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // A second answer on one connection would be taken for the answer to the next request.
    if (error.code === "ECONNRESET" || !socket.writable || hasBegunToAnswer(socket)) {
      socket.destroy();
      return;
    }
    const requestId = randomUUID();
    log.info({ request_id: requestId, status: 400, reason: error.code }, "unreadable request");
    socket.end(problemMessage(requestId, describe(error.code, maxHeaderBytes)), () => socket.destroy());
  });
}

function hasBegunToAnswer(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, "_httpMessage");
  return typeof answer === "object" && answer !== null && Reflect.get(answer, "headersSent") === true;
}

function describe(code: string | undefined, maxHeaderBytes: number): string {
  if (code === "HPE_HEADER_OVERFLOW")
    return `The path, the query and the headers may have at most ${maxHeaderBytes} bytes together. Send fewer or shorter parameters.`;
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return "The request did not arrive in time.";
  return "This is not a valid HTTP/1.1 request.";
}

function problemMessage(requestId: string, detail: string): string {
  const problem = problemBody({ code: "request_invalid", detail, instance: "/", requestId, errors: [] });
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} Bad Request`,
    "Content-Type: application/problem+json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
