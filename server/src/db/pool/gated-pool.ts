/** In charge of the pool of a database role as the rest of the server sees it: every use of a connection passes the gate, and ends when its caller disconnects. */
import type { CommonQueryMethods, DatabasePool, DatabasePoolConnection } from "slonik";
import { Refusal } from "../errors.ts";
import { createGate, type Gate, type GateLimits } from "./gate.ts";

export type GatedPool = DatabasePool & {
  /**
   * For a read of several statements, which passes the gate once: what was begun is not turned away half-way. Nobody waits for it once
   * the signal is aborted. Then its statement is given up, and its connection closed; PostgreSQL notices that by
   * `client_connection_check_interval`.
   */
  readonly read: <T>(signal: AbortSignal, work: (connection: CommonQueryMethods) => Promise<T>) => Promise<T>;
  readonly isFull: Gate["isFull"];
  /** Whether anything has succeeded within the last so many milliseconds. */
  readonly answeredWithin: (ms: number) => boolean;
};

type Use = <T>(work: (connection: DatabasePoolConnection) => Promise<T>) => Promise<T>;

export function gatePool(pool: DatabasePool, limits: GateLimits): GatedPool {
  const gate = createGate(limits);
  let answeredAt = Number.NEGATIVE_INFINITY;

  const use = async <T>(work: (connection: DatabasePoolConnection) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const outcome = await gate.pass(() => pool.connect((connection) => orRefusal(work(connection))), signal);
    answeredAt = performance.now();
    if (outcome instanceof Refusal) throw outcome;
    return outcome.result;
  };
  const members = {
    ...queryMethods((work) => use(work)),
    connect: <T>(work: (connection: DatabasePoolConnection) => Promise<T>) => use(work),
    state: () => ({ ...pool.state(), waitingClients: gate.waiting() }),
    read: <T>(signal: AbortSignal, work: (connection: CommonQueryMethods) => Promise<T>) =>
      use((connection) => unlessAborted(signal, () => work(connection)), signal),
    isFull: gate.isFull,
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

/** Slonik closes a connection whose use has failed, and a refusal is no reason for that. */
async function orRefusal<T>(work: Promise<T>): Promise<{ readonly result: T } | Refusal> {
  try {
    return { result: await work };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

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
