/** In charge of idempotency keys, by which the service tells a repeated write from a new one. */

/** What the quoted string of the header can hold. */
const KEY = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/**
 * The header for a key.
 *
 * @throws TypeError when the key cannot be sent.
 */
export function idempotencyHeader(key: string): string {
  if (typeof key === "string" && KEY.test(key)) return `"${key}"`;
  throw new TypeError('idempotencyKey has to be 1 to 255 printable ASCII characters, without " and \\.');
}

/** A UUID of version 7 (RFC 9562): the time comes first, so that a database finds new keys side by side; the rest is random. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let index = 0; index < 6; index++) bytes[index] = now / 2 ** (40 - 8 * index);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
