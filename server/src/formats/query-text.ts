/** In charge of what a text in a query string may stand for: in it, 3 may be the number or the text. */

/** A number as JSON writes it (RFC 8259). */
export const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The JSON texts that it may stand for. */
export function asDocuments(text: string): string[] {
  const number = JSON_NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return [JSON.stringify(text), JSON.stringify(number)];
  return /^(true|false|null)$/.test(text) ? [JSON.stringify(text), text] : [JSON.stringify(text)];
}
