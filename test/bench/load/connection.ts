/** In charge of one keep-alive connection: plain HTTP/1.1 with as little work as it takes, for it shares the machine with the server. */
import { once } from "node:events";
import { connect } from "node:net";

type Answer = { readonly status: number; readonly bytes: number };

export type Connection = { readonly send: (request: Buffer) => Promise<Answer>; readonly close: () => void };

export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");

  let waiting: PromiseWithResolvers<Answer> | null = null;
  let answer = readAnswer();
  socket.on("data", (bytes) => {
    const result = answer(bytes);
    if (!result) return;
    answer = readAnswer();
    waiting?.resolve(result);
  });
  const fail = (error?: Error) => waiting?.reject(error ?? new Error("the server closed the connection"));
  socket.on("error", fail);
  socket.on("close", () => fail());

  return {
    send: (request) => {
      waiting = Promise.withResolvers<Answer>();
      socket.write(request);
      return waiting.promise;
    },
    close: () => socket.destroy(),
  };
}

const HEAD_END = "\r\n\r\n";

/** Takes the bytes of one answer, piece by piece; null until it is whole. */
function readAnswer(): (bytes: Buffer) => Answer | null {
  let head = "";
  let body: ((bytes: Buffer) => boolean) | null = null;
  let status = 0;
  let received = 0;

  return (bytes) => {
    let rest = bytes;
    if (!body) {
      // Headers are ASCII; whatever follows them is looked at as bytes.
      head += bytes.toString("latin1");
      const end = head.indexOf(HEAD_END);
      if (end === -1) return null;
      rest = bytes.subarray(bytes.length - (head.length - end - HEAD_END.length));
      const lines = head.slice(0, end);
      status = Number(lines.slice(9, 12));
      const length = /\r\ncontent-length: *(\d+)/i.exec(lines)?.[1];
      body = length === undefined ? endsWithLastChunk() : endsAfter(Number(length));
    }
    received += rest.length;
    return body(rest) ? { status, bytes: received } : null;
  };
}

function endsAfter(length: number): (bytes: Buffer) => boolean {
  let left = length;
  return (bytes) => (left -= bytes.length) <= 0;
}

/** A chunked body: its last five bytes are told from data by nothing but their place, which is the end of what was sent. */
function endsWithLastChunk(): (bytes: Buffer) => boolean {
  let tail = "";
  return (bytes) => {
    tail = (tail + bytes.subarray(-5).toString("latin1")).slice(-5);
    return tail === "0\r\n\r\n";
  };
}
