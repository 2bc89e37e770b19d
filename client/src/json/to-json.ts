import type { JsonText } from "./json-text.ts";
import { objectJson } from "./object-json.ts";
import { rowJson } from "./row-json.ts";

/** The text of a body: that of JSON.stringify, but for its rows. */
export function toJson<Body extends object>(body: Body): JsonText<Body> {
  if (!("rows" in body) || !Array.isArray(body.rows)) return JSON.stringify(body);
  const rows: readonly unknown[] = body.rows;
  return objectJson(body, (value) => (value === rows ? `[${rows.map(rowJson).join(",")}]` : JSON.stringify(value)));
}
