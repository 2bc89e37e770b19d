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
  const elements = values.map((value) => (value === null ? "NULL" : `"${escape(String(value))}"`));
  return `{${elements.join(",")}}`;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Of a longer text `replaceAll` may take much more than its length: it keeps a note of each place. Sixteen million quotes took the heap. */
const LONG = 65_536;

function escape(text: string): string {
  return text.length > LONG ? escapeBytes(Buffer.from(text)) : text.replaceAll(/["\\]/g, String.raw`\$&`);
}

function escapeBytes(bytes: Buffer): string {
  const escaped = Buffer.allocUnsafe(2 * bytes.length);
  let length = 0;
  for (const byte of bytes) {
    if (byte === QUOTE || byte === BACKSLASH) escaped[length++] = BACKSLASH;
    escaped[length++] = byte;
  }
  return escaped.toString("utf8", 0, length);
}

export function binaryArray(values: readonly Uint8Array[]): string {
  return quotedArray(values.map((value) => `\\x${Buffer.from(value).toString("hex")}`));
}
