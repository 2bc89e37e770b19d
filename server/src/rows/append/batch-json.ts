/** In charge of showing rows that were just stored, as reading them would. */
import type { Column } from "../../columns/channel-schema.ts";
import { TYPE_RULES } from "../../columns/column-type.ts";
import type { RowBatch } from "./row-batch.ts";

export function batchJson(columns: readonly Column[], { times, values }: RowBatch): string {
  const fields = columns.map(({ name, type }, position) => ({
    name: JSON.stringify(name),
    toJson: TYPE_RULES[type].toJson,
    values: values[position] ?? [],
  }));
  const rows = times.map((time, index) => {
    const members = fields.map(({ name, toJson, values }) => {
      const value = values[index] ?? null;
      return `,${name}:${value === null ? "null" : toJson(value)}`;
    });
    return `{"time":${TYPE_RULES.datetime.toJson(time)}${members.join("")}}`;
  });
  return `[${rows.join(",")}]`;
}
