/**
 * In charge of connections that send requests ahead of the answers to those before (RFC 9112, 9.3.2): one is worked on at a time, few wait.
 * Node hands over all that it reads at once: 64 KiB are 1,590 requests for the contract, whose answers would all be made and wait in memory
 * for somebody who may never read them.
 */
import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** More than clients that pipeline send ahead. */
const MAX_WAITING = 64;

type Exchange = Parameters<RequestListener>;

type Connection = {
  isBusy: boolean;
  /** Requests that wait for the one before. Made when one has to: nearly no connection pipelines. */
  waiting: Exchange[] | null;
  /** The connection ends with the last that waits: what comes after it is not answered, and a client has to send it again. */
  isClosing: boolean;
};

const connections = new WeakMap<Socket, Connection>();

/** @param serve is called for one request of a connection at a time. */
export function limitPipelining(serve: RequestListener): RequestListener {
  /** One function for all answers. */
  function serveNext(this: ServerResponse): void {
    const { socket } = this.req;
    const connection = connections.get(socket);
    if (!connection) return;
    const next = socket.destroyed ? undefined : connection.waiting?.shift();
    if (next) {
      next[1].once("close", serveNext);
      serve(...next);
      return;
    }
    connection.isBusy = false;
    connection.waiting = null;
  }

  return (request, response) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection?.isBusy) return waitInLine(connection, [request, response]);
    if (connection) connection.isBusy = true;
    else connections.set(socket, { isBusy: true, waiting: null, isClosing: false });
    response.once("close", serveNext);
    serve(request, response);
  };
}

function waitInLine(connection: Connection, exchange: Exchange): void {
  if (connection.isClosing) return;
  connection.waiting ??= [];
  connection.waiting.push(exchange);
  if (connection.waiting.length < MAX_WAITING) return;
  connection.isClosing = true;
  const [, response] = exchange;
  response.shouldKeepAlive = false;
}
