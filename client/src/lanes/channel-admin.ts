import type { ChannelDefinition } from "../channel/channel-definition.ts";
import { encodeRowDeletion } from "../request/encode-row-query.ts";
import type { CallOptions } from "./call-options.ts";
import type { WritingAccess } from "./channel-access.ts";
import { ChannelWriter } from "./channel-writer.ts";
import type { RowDeletion, RowsDeletion } from "./row-deletion.ts";

/**
 * Deletes rows of one channel, and writes and reads them as a `ChannelWriter` does.
 *
 * @example
 * ```ts
 * import { type ChannelAdmin, createKronicle, defineChannel } from "@kronicle/client";
 *
 * const thermometer = defineChannel({ temperature: "float" });
 * const { setup } = createKronicle({ baseUrl: "http://127.0.0.1:8000", token: "krn_admin_..." });
 *
 * async function forgetBefore(channel: ChannelAdmin<typeof thermometer>, time: Date): Promise<number> {
 *   const { op_details } = await channel.deleteRows({ to: time });
 *   return op_details.deleted_rows;
 * }
 * console.log(await forgetBefore(setup.channel("6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", thermometer), new Date(0)));
 * ```
 */
export class ChannelAdmin<Definition extends ChannelDefinition> extends ChannelWriter<Definition> {
  readonly #access: WritingAccess<Definition, "/setup/v1">;

  constructor(access: WritingAccess<Definition, "/setup/v1">) {
    super(access);
    this.#access = access;
  }

  /**
   * Deletes the rows that the bounds name, or all of them, and keeps the channel.
   *
   * @throws TypeError when it names no rows and does not say `all: true`, or has a bound that is undefined or empty.
   * @throws ApiError `channel_not_found`, `query_invalid` and others.
   * @throws NetworkError when no answer came; the rows may be deleted nevertheless.
   * @see operation `deleteRows` of the contract.
   */
  async deleteRows(deletion: RowDeletion<Definition>, { signal }: CallOptions = {}): Promise<RowsDeletion> {
    const { transport, path } = this.#access;
    const params = { path, query: encodeRowDeletion(deletion) };
    const { data } = await transport.json("op_details", signal, (client, init) =>
      client.DELETE("/setup/v1/channels/{channel_id}/rows", { ...init, params }),
    );
    return data;
  }
}
