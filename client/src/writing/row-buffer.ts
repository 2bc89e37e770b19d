/** In charge of rows that are written and not settled: in order, bounded, and known to those who wait for them. */

/** A row on its way, from `write` until it is stored or given back. */
export type BufferedRow<Row> = {
  /** As the caller gave it. */
  readonly row: Row;
  readonly json: string;
  readonly bytes: number;
  /** `sent` until the answer is known, `settled` when it is stored or given back. */
  state: "waiting" | "sent" | "settled";
};

type Waiting = { readonly resolve: () => void; readonly reject: (error: unknown) => void };
type WaitingRow<Row> = Waiting & { readonly row: BufferedRow<Row>; readonly stopListening: () => void };
type WaitingFlush = Waiting & { target: number };

export class RowBuffer<Row> {
  readonly #maxRows: number;
  /** Oldest first; those under way stay until they are settled. */
  readonly #rows: BufferedRow<Row>[] = [];
  /** Rows for which there is no room yet. */
  readonly #queue: WaitingRow<Row>[] = [];
  #flushes: WaitingFlush[] = [];
  #bytes = 0;
  /** How many rows ever got room, and how many of those are settled. */
  #admitted = 0;
  #settled = 0;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  get length(): number {
    return this.#rows.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#rows.length >= this.#maxRows;
  }

  /** How many rows were ever added, with those that wait for room. */
  get added(): number {
    return this.#admitted + this.#queue.length;
  }

  get settled(): number {
    return this.#settled;
  }

  /** Resolves when there is room. Order is that of the calls. */
  add(row: BufferedRow<Row>, signal: AbortSignal | undefined): Promise<void> {
    if (!this.isFull) {
      this.#admit(row);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const withdraw = () => {
        this.#withdraw(waiting);
        reject(signal?.reason);
      };
      const stopListening = () => signal?.removeEventListener("abort", withdraw);
      const waiting = { row, resolve, reject, stopListening };
      this.#queue.push(waiting);
      signal?.addEventListener("abort", withdraw);
    });
  }

  /** The oldest rows, as many as one request may hold, and at least one. */
  first(maxRows: number, maxBytes: number): BufferedRow<Row>[] {
    let bytes = 0;
    const end = this.#rows.findIndex((row, index) => {
      bytes += row.bytes;
      return index === maxRows || (index > 0 && bytes > maxBytes);
    });
    return this.#rows.slice(0, end === -1 ? undefined : end);
  }

  /** Lets the oldest rows go. */
  settle(count: number): void {
    for (const { bytes } of this.#rows.splice(0, count)) this.#bytes -= bytes;
    this.#settled += count;
    for (const { row, resolve, stopListening } of this.#queue.splice(0, this.#maxRows - this.#rows.length)) {
      stopListening();
      this.#admit(row);
      resolve();
    }
    this.#resolveFlushes();
  }

  /** Resolves when all rows that were added up to now are settled. */
  flushed(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#flushes.push({ target: this.added, resolve, reject });
      this.#resolveFlushes();
    });
  }

  /** Tells everybody who waits that it is in vain. */
  fail(error: unknown): void {
    for (const { reject, stopListening } of this.#queue.splice(0)) {
      stopListening();
      reject(error);
    }
    for (const { reject } of this.#flushes.splice(0)) reject(error);
  }

  /** Lets go of all rows, and gives back those that are not settled. */
  takeUnsettled(): BufferedRow<Row>[] {
    this.#bytes = 0;
    return this.#rows.splice(0).filter(({ state }) => state !== "settled");
  }

  #admit(row: BufferedRow<Row>): void {
    this.#rows.push(row);
    this.#bytes += row.bytes;
    this.#admitted++;
  }

  #withdraw(waiting: WaitingRow<Row>): void {
    const index = this.#queue.indexOf(waiting);
    waiting.stopListening();
    this.#queue.splice(index, 1);
    // Those who waited for this row wait for the one before it now.
    for (const flush of this.#flushes) if (flush.target > this.#admitted + index) flush.target--;
    this.#resolveFlushes();
  }

  #resolveFlushes(): void {
    for (const { target, resolve } of this.#flushes) if (target <= this.#settled) resolve();
    this.#flushes = this.#flushes.filter(({ target }) => target > this.#settled);
  }
}
