/** In charge of comparing a definition with the channel it is used for. */
import type { Channel } from "../channel/channel.ts";
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import { parseColumnType, typeIn } from "../channel/column-type.ts";
import type { ColumnDrift } from "../errors/column-drift.ts";
import { SchemaDriftError } from "../errors/schema-drift-error.ts";

/**
 * For reading: whatever is stored has to be of the type that is defined. A column that only the definition calls optional is no
 * drift, nor are columns that only the channel has.
 *
 * @param picked the columns that the answer holds; undefined is all.
 * @throws SchemaDriftError
 */
export function checkReadable(definition: ChannelDefinition, channel: Channel, picked?: readonly string[]): void {
  const names = Object.keys(definition.columns).filter((name) => !picked || picked.includes(name));
  check(names, definition, channel, (defined, stored) => isWithin(stored, defined));
}

/**
 * For writing, the other way round: whatever is defined has to be stored. A column that only the channel calls optional is no drift,
 * nor are optional columns that only the channel has.
 *
 * @throws SchemaDriftError
 */
export function checkWritable(definition: ChannelDefinition, channel: Channel): void {
  const names = new Set([...Object.keys(definition.columns), ...Object.keys(channel.channel_schema)]);
  // A row without time gets one.
  names.delete("time");
  check([...names], definition, channel, (defined, stored) =>
    defined === null ? parseColumnType(stored)?.isOptional === true : isWithin(defined, stored),
  );
}

type Type = string | null;

function check(
  names: readonly string[],
  { columns }: ChannelDefinition,
  { channel_schema }: Channel,
  isFit: (defined: Type, stored: Type) => boolean,
): void {
  const drift = names
    .map((name): ColumnDrift => ({ name, defined: typeIn(columns, name), stored: typeIn(channel_schema, name) }))
    .filter(({ defined, stored }) => !isFit(defined, stored));
  if (drift.length > 0) throw new SchemaDriftError(drift);
}

/** Whether all values of the one type are values of the other. */
function isWithin(inner: Type, outer: Type): boolean {
  const [one, other] = [parseColumnType(inner), parseColumnType(outer)];
  return !!one && !!other && one.kind === other.kind && (other.isOptional || !one.isOptional);
}
