/** In charge of channels from a file: JSON, as the service lists them, or as they are sent to it to be created. */
import { readFile } from "node:fs/promises";
import type { DescribedChannel } from "./name-channels.ts";
import { UsageError } from "../commands/usage-error.ts";

/** @throws UsageError that names the place of what is wrong. */
export async function readChannelFile(path: string): Promise<DescribedChannel[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read.`, { cause });
  });
  return [parse(text, path)].flat().map((channel: unknown, index) => readChannel(channel, `Channel ${index + 1} of ${path}`));
}

function readChannel(channel: unknown, place: string): DescribedChannel {
  const { name: givenName, channel_name, channel_id: givenId, channel_schema, column_info } = members(channel, place);
  const name = optional(givenName ?? channel_name, `${place}: name`);
  const channel_id = optional(givenId, `${place}: channel_id`);
  if (!name && !channel_id) throw new UsageError(`${place} has neither a name nor a channel_id.`);
  return { name, channel_id, channel_schema: readSchema(channel_schema, place), column_info: readInfo(column_info, place) };
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is not JSON.`, { cause });
  }
}

function readSchema(schema: unknown, place: string): Record<string, string> {
  const types = Object.entries(members(schema, `${place}: channel_schema`));
  return Object.fromEntries(types.map(([column, type]) => [column, optional(type, `${place}: channel_schema.${column}`) ?? ""]));
}

function readInfo(info: unknown, place: string): DescribedChannel["column_info"] {
  const entries = Object.entries(members(info ?? {}, `${place}: column_info`)).map(([column, value]) => {
    const at = `${place}: column_info.${column}`;
    const { unit, description } = members(value, at);
    return [column, { unit: optional(unit, `${at}.unit`), description: optional(description, `${at}.description`) }] as const;
  });
  return Object.fromEntries(entries);
}

function members(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new UsageError(`${place} has to be an object.`);
  return Object.fromEntries(Object.entries(value));
}

/** Null is what the service answers for what is not there. */
function optional(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new UsageError(`${place} has to be text.`);
  return value;
}
