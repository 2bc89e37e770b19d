/** In charge of a bad network: a TCP proxy whose links can be slow, cut, silent or half-open, each direction by itself. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Towards the target, or back from it. */
export type Direction = "up" | "down";

export type Fault =
  | { readonly kind: "none" }
  /** Everything arrives later. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Everything arrives bit by bit. */
  | { readonly kind: "trickle"; readonly bytes: number; readonly everyMs: number }
  /** Nothing arrives any more, and nobody is told; what was sent comes through once it is over, as TCP sends it again. */
  | { readonly kind: "silence" }
  /** What comes first arrives, and then the link breaks off. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** An orderly end (FIN) instead of the next bytes, on both sides. */
  | { readonly kind: "end" }
  /** A reset (RST) instead of the next bytes, on both sides. */
  | { readonly kind: "reset" }
  /** The far side is gone, and the near side is never told. */
  | { readonly kind: "half-open" };

export type FaultProxy = AsyncDisposable & {
  /** The same URL, by way of the proxy. */
  readonly through: (url: string) => string;
  readonly set: (direction: Direction, fault: Fault) => void;
  /** Another port, for connections to come; those that are open are cut. */
  readonly retarget: (port: number) => void;
};

const NONE: Fault = { kind: "none" };

export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const { hostname: host, port } = new URL(targetUrl);
  let target = Number(port);
  const faults: Record<Direction, Fault> = { up: NONE, down: NONE };
  const sockets = new Set<Socket>();
  /** Their far side is gone. */
  const untold = new WeakSet<Socket>();
  let changed = Promise.withResolvers<void>();

  const keep = (socket: Socket) => {
    sockets.add(socket);
    // A broken link is what this is for; "close" follows.
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    return socket.setNoDelay();
  };

  const pump = async (direction: Direction, from: Socket, to: Socket) => {
    for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      while (faults[direction].kind === "silence") await changed.promise;
      const fault = faults[direction];
      if (fault.kind === "latency") await sleep(fault.ms);
      switch (fault.kind) {
        case "trickle":
          await trickle(chunk, to, fault);
          break;
        case "truncate":
          to.end(chunk.subarray(0, fault.bytes));
          from.end();
          return;
        case "end":
          to.end();
          from.end();
          return;
        case "reset":
          to.resetAndDestroy();
          from.resetAndDestroy();
          return;
        case "half-open":
          untold.add(from);
          to.destroy();
          return;
        default:
          await write(to, chunk);
      }
    }
    if (!untold.has(to)) to.end();
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host, allowHalfOpen: true });
    keep(near);
    keep(far);
    far.once("error", () => near.destroy());
    pump("up", near, far).catch(() => far.destroy());
    pump("down", far, near).catch(() => (untold.has(near) ? null : near.destroy()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const set = (direction: Direction, fault: Fault) => {
    faults[direction] = fault;
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    through: (url) => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the proxy listens on no port");
      const proxied = new URL(url);
      proxied.port = String(address.port);
      return proxied.href;
    },
    set,
    retarget: (port) => {
      target = port;
      cut();
    },
    [Symbol.asyncDispose]: async () => {
      set("up", NONE);
      set("down", NONE);
      server.close();
      cut();
    },
  };
}

async function write(to: Socket, chunk: Uint8Array): Promise<void> {
  if (!to.destroyed && !to.write(chunk)) await Promise.race([once(to, "drain"), once(to, "close")]);
}

async function trickle(chunk: Buffer, to: Socket, { bytes, everyMs }: { readonly bytes: number; readonly everyMs: number }) {
  for (let start = 0; start < chunk.length && !to.destroyed; start += bytes) {
    await write(to, chunk.subarray(start, start + bytes));
    await sleep(everyMs);
  }
}
