/// <reference lib="esnext.disposable" preserve="true" />
import type { CallOptions } from "../lanes/call-options.ts";
import { checkAtLeast } from "../request/check-arguments.ts";
import { withDeadline } from "../retry/with-deadline.ts";
import type { BatchWriterOptions } from "./batch-writer-options.ts";
import type { CloseOptions } from "./close-options.ts";
import { deliver, type Recipients } from "./deliver.ts";
import { RowBuffer } from "./row-buffer.ts";

/** What a `ChannelWriter` knows. */
type Channel<Row> = Pick<Recipients<Row>, "append"> & {
  readonly encode: (row: Row) => string;
};

/**
 * Gathers rows and appends them in batches, one request at a time and in order. `channel.writer()` makes it.
 *
 * A row that `write` has taken is kept until the service has acknowledged it, however long that takes: through restarts, lost
 * connections and lost answers, and never stored twice, since a batch keeps its idempotency key. What the service refuses is handed
 * to `onRejected`. Nothing is dropped in silence. The service remembers a key for 24 hours: a batch whose answer was lost should not
 * be out of reach for longer.
 *
 * @example
 * ```ts
 * import { createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 * const channel = kronicle.writer.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer);
 *
 * const writer = channel.writer({ onRejected: (rejected, error) => console.error(error, rejected) });
 * for (let reading = 0; reading < 100_000; reading++) {
 *   // Waits when the service cannot keep up, and not for an answer.
 *   await writer.write({ time: new Date(), temperature: 20 + Math.random() });
 * }
 * await writer.close();
 * ```
 */
export class BatchWriter<Row extends object> implements AsyncDisposable {
  readonly #maxRows: number;
  readonly #maxBytes: number;
  readonly #lingerMs: number;
  readonly #recipients: Recipients<Row>;
  readonly #encode: (row: Row) => string;
  readonly #buffer: RowBuffer<Row>;
  readonly #stop = new AbortController();
  readonly #encoder = new TextEncoder();
  /** So many rows, counted from the first, are not to wait for others any longer. */
  #urgent = 0;
  #isSending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #closing: Promise<void> | undefined;

  constructor({ append, encode }: Channel<Row>, options: BatchWriterOptions<Row>) {
    const { maxRows = 5_000, maxBytes = 1_000_000, lingerMs = 1_000, maxBuffered = 50_000, onRejected, onRetry } = options;
    checkAtLeast("maxRows", maxRows, 1);
    checkAtLeast("maxBytes", maxBytes, 1);
    checkAtLeast("lingerMs", lingerMs, 0);
    checkAtLeast("maxBuffered", maxBuffered, 1);
    if (typeof onRejected !== "function")
      throw new TypeError("onRejected has to be a function: it is given the rows that cannot be stored.");
    this.#maxRows = maxRows;
    this.#maxBytes = maxBytes;
    this.#lingerMs = lingerMs;
    this.#recipients = { append, onRejected, onRetry };
    this.#encode = encode;
    this.#buffer = new RowBuffer(maxBuffered);
  }

  /** How many rows are neither stored nor given back yet. */
  get buffered(): number {
    return this.#buffer.length;
  }

  /**
   * Takes a row, and waits while the buffer is full. When it resolves the row is the writer's, and not stored yet. A row without
   * `time` gets that of this machine, since it may have to wait.
   *
   * @throws TypeError naming the column of an invalid `Date`, NaN, Infinity, or another value that JSON cannot hold; and when the
   * writer is closed. The row is not taken then.
   * @throws the reason of the signal. The row is not taken then.
   * @throws what `onRejected` has thrown.
   */
  async write(row: Row, { signal }: CallOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    if (this.#closing) throw new TypeError("The writer is closed.");
    this.#throwFailure();
    const json = this.#encode(row);
    const taken = this.#buffer.add({ row, json, bytes: this.#encoder.encode(json).length, state: "waiting" }, signal);
    this.#wake();
    return taken;
  }

  /**
   * Sends what is there at once. It resolves when every row that was written before is stored or given back.
   *
   * @throws what `onRejected` has thrown.
   * @throws TimeoutError when the writer was closed and ran out of time.
   * @throws the reason of the signal. The rows are still the writer's then.
   */
  async flush({ signal }: CallOptions = {}): Promise<void> {
    this.#throwFailure();
    this.#urgent = this.#buffer.added;
    const flushed = this.#buffer.flushed();
    this.#wake();
    return withDeadline({ ms: Infinity, signal, message: "" }, () => flushed);
  }

  /**
   * Takes no more rows and flushes. It resolves when every row is stored or given back.
   *
   * When the time is up, or the signal says so, what is left is given to `onRejected` before it throws; `mayBeStored` tells the rows
   * that were sent and not answered.
   *
   * @throws TimeoutError when the time is up.
   * @throws the reason of the signal.
   * @throws what `onRejected` has thrown.
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  /** Closes the writer at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close({ deadlineMs = 30_000, signal }: CloseOptions): Promise<void> {
    try {
      const message = `The writer could not store all rows within ${deadlineMs} ms.`;
      await withDeadline({ ms: deadlineMs, signal, message }, () => this.flush());
    } catch (error) {
      this.#fail(error);
      this.#stop.abort(error);
      const left = this.#buffer.takeUnsettled();
      const rejected = left.map(({ row, state }) => ({ row, faults: [], mayBeStored: state === "sent" }));
      if (rejected.length > 0) await this.#recipients.onRejected(rejected, error);
      throw error;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** Starts sending if it is time, and sees to it that it will be. */
  #wake(): void {
    if (this.#isSending || this.#failure || this.#buffer.length === 0) return;
    if (this.#isDue()) void this.#send();
    else this.#timer ??= setTimeout(() => this.#endLinger(), this.#lingerMs);
  }

  #endLinger(): void {
    this.#timer = undefined;
    this.#urgent = this.#buffer.added;
    this.#wake();
  }

  #isDue(): boolean {
    const { length, bytes, settled, isFull } = this.#buffer;
    return length > 0 && (settled < this.#urgent || length >= this.#maxRows || bytes >= this.#maxBytes || isFull);
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#isDue()) {
        const batch = this.#buffer.first(this.#maxRows, this.#maxBytes);
        await deliver(batch, this.#recipients, this.#stop.signal);
        this.#buffer.settle(batch.length);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isSending = false;
    }
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#buffer.fail(this.#failure.error);
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
