/** In charge of queries that list channels. */
import type { ChannelQuery } from "../reading/channel-query.ts";
import { entriesOf, scalarText } from "./encode-values.ts";
import { encodeQuery, type Parameter, plainParameters } from "./write-query.ts";

/** @throws TypeError naming the place of a value of a wrong type. */
export function encodeChannelQuery({ tags, metadata, ...same }: ChannelQuery): string {
  return encodeQuery([...plainParameters(same), ...labelParameters("tags", tags), ...labelParameters("metadata", metadata)]);
}

function labelParameters(name: "tags" | "metadata", filter: unknown = {}): Parameter[] {
  return entriesOf(filter, name).flatMap(([key, wanted]) => {
    const place = `${name}[${JSON.stringify(key)}]`;
    // The server splits at the first colon.
    if (key === "" || key.includes(":")) throw new TypeError(`${place}: a key has at least one character and no colon.`);
    return labelTexts(key, wanted, place).map((text): Parameter => [name, text]);
  });
}

function labelTexts(key: string, wanted: unknown, place: string): string[] {
  if (isExists(wanted)) return [key];
  const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  if (values.length === 0) throw new TypeError(`${place}: expected at least one value.`);
  return Array.from(values, (value) => `${key}:${scalarText(value, place)}`);
}

function isExists(wanted: unknown): boolean {
  return typeof wanted === "object" && wanted !== null && "exists" in wanted && wanted.exists === true;
}
