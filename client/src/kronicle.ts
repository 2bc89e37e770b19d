import type { Analyst } from "./lanes/analyst.ts";
import type { Service } from "./lanes/service.ts";
import type { Setup } from "./lanes/setup.ts";
import type { Writer } from "./lanes/writer.ts";

/**
 * A client, with one member for each lane and one for the service itself. `createKronicle` makes it. For what these have no word for
 * there is `createRawClient` of `@kronicle/client/raw`.
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
 * ```
 */
export type Kronicle = {
  /** Reads channels and rows, and aggregates them (`/api`). */
  readonly reader: Analyst;
  /** Appends rows, and reads what it writes (`/data`). */
  readonly writer: Writer;
  /** Defines and deletes channels and makes keys (`/setup`, `/auth`). */
  readonly setup: Setup;
  /** Asks how the service is (`/health`), and for its contract. */
  readonly service: Service;
};
