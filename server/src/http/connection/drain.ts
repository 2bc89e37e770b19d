/** In charge of the last moments of a listening server: what was sent to it is answered. */
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What has not been answered by then is cut off. */
const DRAIN_TIMEOUT_MS = 10_000;
const LOOK_MS = 50;

/**
 * Answers go on to be sent while this runs, and each should close its connection.
 *
 * @param lameMs how long new requests are still taken: some are on their way already, and a connection closed on them would drop them.
 */
export async function drain(server: Server, lameMs: number): Promise<void> {
  const lameUntil = performance.now() + lameMs;
  while (performance.now() < lameUntil && (await countConnections(server)) > 0) await sleep(LOOK_MS);

  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
  await closed;
  clearTimeout(cutOff);
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
