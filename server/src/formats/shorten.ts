/** The beginning of a text that a caller has sent, for messages: it may have megabytes. */
export function shorten(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
