/** In charge of rows of many channels that share a series table, and of what each slot of it means to each of them. */
import type { StoredChannel } from "../../channels/queries/channel-definition.ts";
import type { Column } from "../../columns/channel-schema.ts";
import { type Instant, parseInstant } from "../../formats/instant.ts";

export type FleetRow = { readonly time: Instant; readonly json: string };

/** The columns of a channel that were asked for. */
export function shownColumns({ columns }: Pick<StoredChannel, "columns">, wanted: ReadonlySet<string> | null): readonly Column[] {
  return wanted ? columns.filter(({ name }) => wanted.has(name)) : columns;
}

/** Each slot that one of the channels shows, once, as the column of the same slot that PostgreSQL writes as it is. */
export function slotsOf(columns: readonly Column[]): Column[] {
  const slots = new Map<string, Column>();
  for (const column of columns) {
    if (!slots.has(column.slot)) slots.set(column.slot, column.type === "int64" ? { ...column, type: "int" } : column);
  }
  return [...slots.values()];
}

/**
 * A row of one channel.
 *
 * @param values JSON of its time and of each of the slots, a line each.
 * @param columns of the channel: a slot that none of them has is that of another.
 */
export function readFleetRow(values: string, slots: readonly Column[], columns: readonly Column[]): FleetRow {
  const [timeJson = "", ...texts] = values.split("\n");
  const bySlot = new Map(slots.map(({ slot }, index) => [slot, texts[index]]));
  const members = columns.map(({ name, type, slot }) => {
    const json = bySlot.get(slot) ?? "null";
    // Two types share this slot, and one of them is a text in JSON.
    return `,${JSON.stringify(name)}:${type === "int64" && json !== "null" ? `"${json}"` : json}`;
  });
  const time = parseInstant(timeJson.slice(1, -1));
  if (!time) throw new RangeError(`${timeJson} is no time`);
  return { time, json: `{"time":${timeJson}${members.join("")}}` };
}
