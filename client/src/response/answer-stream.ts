import { KronicleError } from "../errors/kronicle-error.ts";
import { brokenOff } from "./broken-off.ts";
import { within } from "../retry/within.ts";

type Limits = {
  /** For each piece, from when it is asked for. */
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  /** Says that the time was up. */
  readonly message: string;
};

/**
 * The bytes of an answer that comes piece by piece. It ends when it is complete, and fails when it is not: with a NetworkError, with
 * a TimeoutError, or with the reason of the signal.
 */
export function answerStream(body: ReadableStream<Uint8Array> | null, limits: Limits): ReadableStream<Uint8Array> {
  const reader = body?.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const piece = await within(limits, async () => reader?.read());
        if (piece?.value) controller.enqueue(piece.value);
        else controller.close();
      } catch (error) {
        // Not waited for: a connection that is stuck may not end either.
        reader?.cancel(error).catch(() => undefined);
        controller.error(error instanceof KronicleError || limits.signal?.aborted ? error : brokenOff(error));
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
}
