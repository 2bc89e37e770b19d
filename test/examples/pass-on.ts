import { type ClientRequest, type IncomingMessage, request as send, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";

/** Passes a request on to a server, and its answer back, unless `isHeard` says that nobody hears it. */
export function passOn(
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
  isHeard: (answer: IncomingMessage) => boolean = () => true,
): ClientRequest {
  const { method = "GET", headers } = request;
  const onward = send(new URL(request.url ?? "", url), { method, headers }, (answer) => {
    if (!isHeard(answer)) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, () => {});
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
  return onward;
}
