import type { ChannelDefinition } from "../channel/channel-definition.ts";
import type { AppendOptions, Written } from "../writing/append-options.ts";
import type { components } from "../schema.generated.ts";
import { checkReadable } from "./check-drift.ts";
import { decodeRows } from "./decode.ts";

type Answer = { readonly data: components["schemas"]["WriteResult"]; readonly response: Response };

/**
 * The answer to a write.
 *
 * @throws SchemaDriftError when it has rows that do not fit the definition.
 */
export function decodeWritten<Definition extends ChannelDefinition, ReturnRows extends boolean>(
  definition: Definition,
  { returnRows }: AppendOptions<ReturnRows>,
  { data, response }: Answer,
): Written<Definition, ReturnRows> {
  const { rows = [], ...result } = data;
  const replayed = response.headers.get("Idempotency-Replayed") === "true";
  if (rows.length > 0) checkReadable(definition, result);
  const written = { ...result, replayed, ...(returnRows ? { rows: decodeRows(definition, rows) } : {}) };
  // The rows are there when they were asked for, which is what ReturnRows says.
  return written as Written<Definition, ReturnRows>;
}
