/** In charge of HTTP byte by byte, as no client would send it. */
import { once } from "node:events";
import { connect } from "node:net";
import { KEYS, type TestServer } from "../server.ts";

export type RawConnection = Disposable & {
  /** Sends bytes, and waits while the server takes no more. */
  readonly send: (bytes: string | Uint8Array) => Promise<void>;
  /** What has come back so far. */
  readonly received: () => string;
  readonly isClosed: () => boolean;
  /** Waits until the server has closed the connection, and returns all that it sent. */
  readonly untilClosed: () => Promise<string>;
};

type Options = {
  /** Reads nothing of what comes back. */
  readonly isPaused?: boolean;
};

export async function openRawConnection(
  { url }: Pick<TestServer, "url">,
  { isPaused = false }: Options = {},
): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    received += text;
  });
  if (isPaused) socket.pause();
  // Being cut off is what some tests are about; "close" follows.
  socket.on("error", () => {});
  const closed = Promise.withResolvers<void>();
  socket.once("close", closed.resolve);
  return {
    send: async (bytes) => {
      if (!socket.destroyed && !socket.write(bytes)) await Promise.race([once(socket, "drain").catch(() => {}), closed.promise]);
    },
    received: () => received,
    isClosed: () => socket.destroyed,
    untilClosed: async () => {
      await closed.promise;
      return received;
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** The head of an append by the writer's key, byte by byte as it goes out, for bodies that no client would send. */
export function appendHead(channelId: string, ...headers: readonly string[]): string {
  return [
    `POST /data/v1/channels/${channelId}/rows HTTP/1.1`,
    "Host: kronicle",
    `Authorization: Bearer ${KEYS.writer}`,
    "Content-Type: application/json",
    ...headers,
    "\r\n",
  ].join("\r\n");
}
