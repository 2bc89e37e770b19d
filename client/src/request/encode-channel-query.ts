/** In charge of queries that list channels. */
import { isObject } from "../json/is-object.ts";
import type { ChannelQuery } from "../reading/channel-query.ts";
import type { LatestQuery } from "../reading/fleet.ts";
import { entriesOf, nameList, scalarText, scalarTexts } from "./encode-values.ts";

/** @throws TypeError naming the place of a value of a wrong type. */
export function encodeChannelQuery({ tags, metadata, columns, maxAge: max_age, ...same }: ChannelQuery & LatestQuery): object {
  return {
    ...scalarTexts({ ...same, columns: nameList(columns, "columns"), max_age }),
    tags: labelTexts("tags", tags),
    metadata: labelTexts("metadata", metadata),
  };
}

function labelTexts(name: "tags" | "metadata", filter: unknown = {}): string[] {
  return entriesOf(filter, name).flatMap(([key, wanted]) => {
    const place = `${name}[${JSON.stringify(key)}]`;
    // The server splits at the first colon.
    if (key === "" || key.includes(":")) throw new TypeError(`${place}: a key is text without a colon.`);
    if (isObject(wanted) && wanted["exists"] === true) return [key];
    const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    if (values.length === 0) throw new TypeError(`${place}: expected a value.`);
    return Array.from(values, (value) => `${key}:${scalarText(value, place)}`);
  });
}
