/**
 * In charge of large answers of the database on their way in: few are received at once, and the others wait in its system. What an answer
 * takes is known once it is there, and then it is there several times: 24 pages of 32 MiB that came at once took a gigabyte.
 */
import type { Duplex } from "node:stream";
import pLimit from "p-limit";

/** Nearly all answers are smaller, and wait for nobody. */
const LARGE_BYTES = 1_048_576;

/** The database has made an answer before it sends it, so one takes no longer than its bytes. */
const turns = pLimit(2);

export type Receiving = {
  /** So many bytes more have come. */
  readonly count: (bytes: number) => void;
  /** Nothing more comes: the statement has been answered, or the connection is lost. */
  readonly end: () => void;
};

export function startReceiving(stream: Duplex): Receiving {
  let received = 0;
  let giveBack: (() => void) | null = null;
  return {
    count: (bytes) => {
      received += bytes;
      if (received <= LARGE_BYTES || giveBack) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      giveBack = resolve;
      stream.pause();
      void turns(() => {
        stream.resume();
        return promise;
      });
    },
    end: () => {
      received = 0;
      giveBack?.();
      giveBack = null;
    },
  };
}
