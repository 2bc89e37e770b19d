/** In charge of work beside requests that is done again and again: a pause, a round, a pause, until it is stopped. */
import { setTimeout as sleep } from "node:timers/promises";

type Loop = {
  readonly pauseMs: number;
  readonly round: (stopping: AbortSignal) => Promise<void>;
  /** A round that fails is followed by the next one all the same. */
  readonly onFailure: (error: unknown) => void;
};

/** Keeps no process alive. Its end waits for the round that is under way. */
export function startBackgroundLoop({ pauseMs, round, onFailure }: Loop): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await sleep(pauseMs, null, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await round(signal).catch(onFailure);
    }
  };
  const ended = run();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await ended;
    },
  };
}
