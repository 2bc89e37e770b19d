/** In charge of the embedded database as the main thread sees it: one session that the database roles take in turn. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { BusyError } from "../errors.ts";
import { DirectoryError } from "./directory.ts";
import type { EngineFailure, EngineOpening, EngineRequest, EngineResponse, EngineResult } from "./messages.ts";

/** TypeScript in the repository, JavaScript when published: the compiler changes the names of imports, not this one. */
const WORKER = new URL(`./engine-worker${extname(import.meta.filename)}`, import.meta.url);

/** A statement failed. `code` is the SQLSTATE, as with a real server. */
class EngineError extends Error {
  override name = "EngineError";
  readonly code: string | undefined;
  readonly table: string | undefined;
  readonly constraint: string | undefined;

  constructor({ message, code, table, constraint }: EngineFailure) {
    super(message);
    this.code = code;
    this.table = table;
    this.constraint = constraint;
  }
}

export type Session = {
  readonly query: (text: string, values: readonly unknown[]) => Promise<EngineResult>;
  readonly release: () => void;
};

export type EmbeddedEngine = {
  /**
   * Waits for the one session, and acts as the role until it is released; null acts as the owner.
   *
   * @throws BusyError when it was not free for so long.
   */
  readonly takeSession: (role: string | null, timeoutMs: number) => Promise<Session>;
  readonly close: () => Promise<void>;
};

/**
 * Starts PostgreSQL in a worker thread. Should the thread ever die, so does the process: nothing could be stored any more.
 *
 * @param path directory of the data; null keeps it in memory.
 * @throws DirectoryError
 */
export async function startEngine(path: string | null): Promise<EmbeddedEngine> {
  const worker = new Worker(WORKER, { workerData: { path } });
  const opening = await new Promise<EngineOpening>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  worker.removeAllListeners("error");
  if (!opening.opened) throw new DirectoryError(opening.refusal, opening.owner);

  const waiting = new Map<number, (response: EngineResponse) => void>();
  let lastId = 0;
  worker.on("message", (response: EngineResponse) => {
    waiting.get(response.id)?.(response);
    waiting.delete(response.id);
  });

  const send = async (request: DistributiveOmit<EngineRequest, "id">): Promise<EngineResult> => {
    const id = ++lastId;
    const answer = Promise.withResolvers<EngineResponse>();
    waiting.set(id, answer.resolve);
    worker.postMessage({ ...request, id });
    const response = await answer.promise;
    // Made here, where somebody waits for it: the stack then leads to the operation that asked.
    if ("failure" in response) throw new EngineError(response.failure);
    return response.result;
  };

  let turn: Promise<void> = Promise.resolve();
  return {
    takeSession: async (role, timeoutMs) => {
      const before = turn;
      const mine = Promise.withResolvers<void>();
      turn = mine.promise;
      if (!(await settlesWithin(before, timeoutMs))) {
        // A turn that nobody takes is over as soon as it comes.
        void before.then(mine.resolve);
        throw new BusyError(`the session of the embedded database was not free for ${timeoutMs} ms`);
      }
      return { query: (text, values) => send({ kind: "query", role, text, values }), release: mine.resolve };
    },
    close: async () => {
      const ended = new Promise((resolve) => worker.once("exit", resolve));
      await send({ kind: "close" });
      await ended;
    },
  };
}

/** Whether it comes to an end in time. */
export async function settlesWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  const done = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
