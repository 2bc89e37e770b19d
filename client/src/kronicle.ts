import type { Reader } from "./lanes/reader.ts";
import type { Service } from "./lanes/service.ts";
import type { Setup } from "./lanes/setup.ts";
import type { Writer } from "./lanes/writer.ts";
import type { RawClient } from "./raw-client.ts";

/**
 * A client, with one member for each lane, one for the service itself, and a way round the SDK. `createKronicle` makes it.
 *
 * @example
 * ```ts
 * import { createKronicle, type Kronicle } from "@kronicle/client";
 *
 * async function countRows({ reader }: Kronicle): Promise<number> {
 *   let count = 0;
 *   for await (const channel of reader.listChannels()) count += channel.available_rows;
 *   return count;
 * }
 * const kronicle = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_reader_..." });
 * console.log(await countRows(kronicle));
 *
 * // What the SDK has no word for is still typed.
 * const { data, error } = await kronicle.raw.GET("/setup/v1/schemas/column_types");
 * console.log(data ?? error.detail);
 * ```
 */
export type Kronicle = {
  /** Reads channels and rows (`/api`). */
  readonly reader: Reader;
  /** Appends rows, and reads what it writes (`/data`). */
  readonly writer: Writer;
  /** Defines and deletes channels and makes keys (`/setup`, `/auth`). */
  readonly setup: Setup;
  /** Asks how the service is (`/health`), and for its contract. */
  readonly service: Service;
  /**
   * Reaches every operation of the contract as it is: an openapi-fetch client, typed by the contract, with the token, the retries
   * and the time limits of this one. Problems come back as `error` and are not thrown; a NetworkError and a TimeoutError are.
   */
  readonly raw: RawClient;
};
