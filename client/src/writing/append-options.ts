import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { Row } from "../channel/row.ts";
import type { WriteResult } from "../channel/write-result.ts";
import type { CallOptions } from "../lanes/call-options.ts";

/**
 * How to append rows.
 *
 * @example
 * ```ts
 * import { type AppendOptions, createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const { writer } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_writer_..." });
 * const channel = writer.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer);
 *
 * // A key of one's own also covers a program that is started again: the same rows are not stored twice.
 * const rows = [{ time: "2024-03-01T00:00:00Z", temperature: 20.5 }];
 * const once: AppendOptions = { idempotencyKey: "readings of 2024-03-01" };
 * const { replayed } = await channel.append(rows, once);
 * console.log(replayed ? "They were there already." : "Stored.");
 * ```
 */
export type AppendOptions<ReturnRows extends boolean = boolean> = CallOptions & {
  /**
   * Makes a retry safe: for 24 hours the same key with the same rows stores nothing and gets the first outcome again. Up to 255
   * printable ASCII characters, without `"` and `\`. Default: one that is made for this call (UUIDv7), so that its own retries are
   * safe.
   */
  readonly idempotencyKey?: string | undefined;
  /** With `false`, bad rows do not keep the good ones from being stored; `op_details` reports each. Default: true. */
  readonly strict?: boolean | undefined;
  /**
   * What becomes of a row whose time the channel has already, or an earlier row of the call: with `ignore` it is left out, whatever its values
   * are, and counted in `op_details.ignored_rows`; rows then need their times. Default: `keep`, it is stored like any other.
   */
  readonly onSameTime?: "keep" | "ignore" | undefined;
  /** With `true`, the result has the `rows` as they are stored. Default: false. */
  readonly returnRows?: ReturnRows | undefined;
};

/** What a write did, with the stored rows if they were asked for. */
export type Written<Definition extends ChannelDefinition, ReturnRows extends boolean> = WriteResult &
  (ReturnRows extends true ? { rows: Row<Definition>[] } : unknown);
