import type { components } from "../schema.generated.ts";
import type { JsonText } from "./json-text.ts";

/** The text of an append, from those of its rows. */
export function rowsJson(rowTexts: readonly string[]): JsonText<components["schemas"]["RowsAppend"]> {
  return `{"rows":[${rowTexts.join(",")}]}`;
}
