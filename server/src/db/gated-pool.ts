/** In charge of a lane's pool as the rest of the server sees it: every use of a connection passes the gate, and ends with whoever asked. */
import type { CommonQueryMethods, DatabasePool, DatabasePoolConnection } from "slonik";
import { createGate, type GateLimits } from "./gate.ts";

export type GatedPool = DatabasePool & {
  /**
   * The same for a read that nobody waits for once the signal is aborted. Then its statement is given up, and its connection closed;
   * PostgreSQL notices that by `client_connection_check_interval`.
   */
  readonly until: (signal: AbortSignal) => CommonQueryMethods;
  /** Whether anything has succeeded within the last so many milliseconds. */
  readonly answeredWithin: (ms: number) => boolean;
};

type Use = <T>(work: (connection: DatabasePoolConnection) => Promise<T>) => Promise<T>;

export function gatePool(pool: DatabasePool, limits: GateLimits): GatedPool {
  const gate = createGate(limits);
  let answeredAt = Number.NEGATIVE_INFINITY;

  const use = async <T>(work: (connection: DatabasePoolConnection) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const result = await gate.pass(() => pool.connect(work), signal);
    answeredAt = performance.now();
    return result;
  };
  const members = {
    ...queryMethods((work) => use(work)),
    connect: <T>(work: (connection: DatabasePoolConnection) => Promise<T>) => use(work),
    state: () => ({ ...pool.state(), waitingClients: gate.waiting() }),
    until: (signal: AbortSignal) =>
      queryMethods((work) => use((connection) => unlessAborted(signal, () => work(connection)), signal)),
    answeredWithin: (ms: number) => performance.now() - answeredAt <= ms,
  };
  // What is not a use of a connection, such as its end, stays the pool's own.
  const own: DatabasePool = Object.create(pool);
  return Object.assign(own, members);
}

/** Each takes a connection of its own. A statement or a transaction inside of one passes no gate again, so nobody waits for themselves. */
function queryMethods(use: Use): CommonQueryMethods {
  return {
    any: (query) => use((connection) => connection.any(query)),
    anyFirst: (query) => use((connection) => connection.anyFirst(query)),
    exists: (query) => use((connection) => connection.exists(query)),
    many: (query) => use((connection) => connection.many(query)),
    manyFirst: (query) => use((connection) => connection.manyFirst(query)),
    maybeOne: (query) => use((connection) => connection.maybeOne(query)),
    maybeOneFirst: (query) => use((connection) => connection.maybeOneFirst(query)),
    one: (query) => use((connection) => connection.one(query)),
    oneFirst: (query) => use((connection) => connection.oneFirst(query)),
    query: (query) => use((connection) => connection.query(query)),
    record: (query) => use((connection) => connection.record(query)),
    stream: (query, handler) => use((connection) => connection.stream(query, handler)),
    transaction: (handler, retryLimit) => use((connection) => connection.transaction(handler, retryLimit)),
  };
}

/** Slonik closes a connection whose use has failed. */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const giveUp = () => gone.reject(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([work(), gone.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
