/** In charge of what is no readable HTTP request, and so never reaches the pipeline: it gets a problem like everything else. */
import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { newTraceId } from "../../formats/trace-context.ts";
import type { Observe } from "../../observation/observation.ts";
import { PROBLEMS } from "../../problems/codes.ts";
import { problemBody } from "../../problems/problem-body.ts";

const CODE = "request_invalid";

type Ids = { readonly requestId: string; readonly traceId: string };

export function refuseUnreadable(server: Server, maxHeaderBytes: number, observe: Observe): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // A second answer on one connection would be taken for the answer to the next request.
    if (error.code === "ECONNRESET" || !socket.writable || hasBegunToAnswer(socket)) {
      socket.destroy();
      return;
    }
    const ids = { requestId: randomUUID(), traceId: newTraceId() };
    observe({ event: "request_unreadable", ...ids, code: CODE, status: PROBLEMS[CODE].status, reason: error.code });
    socket.end(problemMessage(ids, describe(error.code, maxHeaderBytes)), () => socket.destroy());
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

function problemMessage({ requestId, traceId }: Ids, detail: string): string {
  const problem = problemBody({ code: CODE, detail, instance: "/", requestId, traceId, errors: [] });
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
