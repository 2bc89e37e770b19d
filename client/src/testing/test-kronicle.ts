/// <reference lib="esnext.disposable" preserve="true" />
import type { Kronicle } from "../kronicle.ts";

/**
 * A Kronicle that runs for a test. `startKronicle` makes it.
 *
 * @example
 * ```ts
 * import { createReader, PermissionError } from "@kronicle/client";
 * import { startKronicle, type TestKronicle } from "@kronicle/client/testing";
 *
 * // A program under test gets the address and the key of its lane, as it would in production.
 * const environmentOf = ({ url, keys }: TestKronicle) => ({ KRONICLE: url, WRITER_KEY: keys.writer });
 *
 * await using server = await startKronicle();
 * console.log(environmentOf(server));
 *
 * const reader = createReader({ baseUrl: server.url, token: server.keys.reader });
 * console.log((await reader.listChannels().page()).channels.length);
 * ```
 */
export type TestKronicle = AsyncDisposable & {
  /** Address of the server. */
  readonly url: string;
  /** A key for each lane. */
  readonly keys: {
    /** Reads. */
    readonly reader: string;
    /** Reads and appends. */
    readonly writer: string;
    /** May do everything. */
    readonly admin: string;
  };
  /** A client that may do everything: it has the key of the admin lane. */
  readonly kronicle: Kronicle;
  /** Removes all channels with their rows, so that the next test finds nothing. Takes milliseconds, where a new server takes seconds. */
  readonly reset: () => Promise<void>;
  /** Stops the server; what was in memory is gone. Safe to call twice. */
  readonly stop: () => Promise<void>;
};
