/** In charge of answers that come piece by piece, and of noticing that one is not complete. */
import { KronicleError } from "../errors/kronicle-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { withDeadline } from "../retry/with-deadline.ts";

type Limits = {
  /** For each piece, from when it is asked for. */
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
  /** Of the TimeoutError. */
  readonly message: string;
};

type Streamed = { readonly data?: ReadableStream<Uint8Array> | null | undefined; readonly response: Response };

/**
 * The same answer with a body that ends when it is complete, and fails when it is not: with a NetworkError, with a TimeoutError, or
 * with the reason of the signal.
 */
export function streamed(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>, limits: Limits): Response {
  const reader = body.getReader();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value } = await withDeadline(limits, () => reader.read());
        if (value) controller.enqueue(value);
        else controller.close();
      } catch (error) {
        // Nothing waits for the end of the connection: one that is stuck may not end either.
        reader.cancel(error).catch(() => undefined);
        controller.error(error instanceof KronicleError || limits.signal?.aborted ? error : truncatedExport(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(stream, response);
}

/** The body of an answer that was asked for as a stream. There are no data when nothing came, or the runtime has no response.body. */
export async function bodyStream(answer: Promise<Streamed>): Promise<ReadableStream<Uint8Array>> {
  const { data, response } = await answer;
  return data ?? (await response.blob()).stream();
}

/** The error for a stream that ended too early. */
export function truncatedExport(cause?: unknown): NetworkError {
  return new NetworkError("The export broke off.", { cause });
}
