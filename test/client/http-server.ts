/** In charge of HTTP servers that are not Kronicle, or stand before it: what a client meets on its way. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { text } from "node:stream/consumers";

type HttpServer = AsyncDisposable & { readonly url: string };

/** Listens on a free port of this machine. */
export async function startHttpServer(listener: RequestListener): Promise<HttpServer> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Passes requests on to a server; `change` may rewrite the paths on the way there and the texts on the way back. */
export function startProxy(
  upstream: { readonly url: string },
  change: { path?: (path: string) => string; answer?: (text: string, path: string) => string },
): Promise<HttpServer> {
  return startHttpServer(async (request, response) => {
    const path = change.path?.(request.url ?? "") ?? request.url ?? "";
    const answer = await forward(`${upstream.url}${path}`, request);
    const body = await answer.text();
    const type = answer.headers.get("Content-Type") ?? "";
    const link = answer.headers.get("Link");
    response.writeHead(answer.status, { "Content-Type": type, ...(link === null ? {} : { Link: link }) });
    response.end(change.answer?.(body, path) ?? body);
  });
}

async function forward(url: string, request: IncomingMessage): Promise<Response> {
  const headers = new Headers({ Authorization: request.headers.authorization ?? "" });
  if (request.headers["content-type"]) headers.set("Content-Type", request.headers["content-type"]);
  const body = await text(request);
  return fetch(url, { method: request.method ?? "GET", headers, body: body === "" ? null : body });
}
