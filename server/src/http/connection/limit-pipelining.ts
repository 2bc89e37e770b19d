/**
 * In charge of connections that send requests ahead of the answers to those before (RFC 9112, 9.3.2): one is worked on at a time, few wait.
 * Node hands over all that it reads at once: 64 KiB are 1,590 requests for the contract, whose answers would all be made and wait in memory
 * for somebody who may never read them.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** More than clients that pipeline send ahead. */
const MAX_WAITING = 64;

/**
 * Of what waits, over all connections. A connection may take as much of it as others leave; one that wants more is cut off. Twenty connections
 * that sent requests of 18 bytes behind 64 slow ones took the heap.
 */
const MAX_HELD_BYTES = 33_554_432;
/** What Node holds for a request and its answer, besides the text of its head, measured. */
const REQUEST_BYTES = 4_096;
/** Node reads no more of a body than that before somebody takes it. */
const MAX_READ_AHEAD_BYTES = 65_536;

type Exchange = Parameters<RequestListener>;

type Connection = {
  isBusy: boolean;
  /** Requests that wait for the one before. Made when one has to: nearly no connection pipelines. */
  waiting: Exchange[] | null;
  /** Of what has been sent ahead. Node keeps requests that are not answered, too. */
  heldBytes: number;
  /** The connection ends with the last that waits: what comes after it is not answered, and a client has to send it again. */
  isClosing: boolean;
};

const connections = new WeakMap<Socket, Connection>();

/** @param serve is called for one request of a connection at a time. */
export function limitPipelining(serve: RequestListener): RequestListener {
  let held = 0;

  const hold = (connection: Connection, bytes: number) => {
    held += bytes;
    connection.heldBytes += bytes;
  };

  /** One function for all answers. */
  function serveNext(this: ServerResponse): void {
    const { socket } = this.req;
    const connection = connections.get(socket);
    if (!connection) return;
    const next = socket.destroyed ? undefined : connection.waiting?.shift();
    if (next) {
      hold(connection, -sizeOf(next[0]));
      next[1].once("close", serveNext);
      serve(...next);
      return;
    }
    hold(connection, -connection.heldBytes);
    connection.isBusy = false;
    connection.waiting = null;
  }

  const waitInLine = (connection: Connection, exchange: Exchange) => {
    const [{ socket }, response] = exchange;
    // What was read together with the request before is handed over even so.
    if (socket.destroyed) return;
    hold(connection, sizeOf(exchange[0]));
    if (connection.heldBytes > MAX_HELD_BYTES - held) {
      socket.destroy();
      return;
    }
    if (connection.isClosing) return;
    connection.waiting ??= [];
    connection.waiting.push(exchange);
    if (connection.waiting.length < MAX_WAITING) return;
    connection.isClosing = true;
    response.shouldKeepAlive = false;
  };

  return (request, response) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection?.isBusy) return waitInLine(connection, [request, response]);
    if (connection) connection.isBusy = true;
    else connections.set(socket, { isBusy: true, waiting: null, heldBytes: 0, isClosing: false });
    response.once("close", serveNext);
    serve(request, response);
  };
}

function sizeOf({ rawHeaders, url = "", headers }: IncomingMessage): number {
  const head = rawHeaders.reduce((length, text) => length + text.length, url.length);
  const body = headers["transfer-encoding"] === undefined ? Number(headers["content-length"] ?? 0) : MAX_READ_AHEAD_BYTES;
  return REQUEST_BYTES + head + Math.min(body, MAX_READ_AHEAD_BYTES);
}
