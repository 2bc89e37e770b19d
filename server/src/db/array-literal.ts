/**
 * In charge of arrays as PostgreSQL writes them. Drivers do it too, value by value and looking at the type of each: of a large append,
 * that is a good part of the work.
 */
type Value = string | number | boolean | null;

/** Elements that can hold no character with a meaning of its own, such as numbers and times. */
export function plainArray(values: readonly Value[]): string {
  let text = "{";
  for (let index = 0; index < values.length; index++) text += `${index === 0 ? "" : ","}${values[index] ?? "NULL"}`;
  return `${text}}`;
}

/** Elements of any text. */
export function quotedArray(values: readonly Value[]): string {
  const elements = values.map((value) => (value === null ? "NULL" : `"${String(value).replaceAll(/["\\]/g, String.raw`\$&`)}"`));
  return `{${elements.join(",")}}`;
}

export function binaryArray(values: readonly Uint8Array[]): string {
  return quotedArray(values.map((value) => `\\x${Buffer.from(value).toString("hex")}`));
}
