/** The first media type of a header, without parameters. */
export function mediaType(header: string | null): string {
  return header?.split(/[;,]/, 1)[0]?.trim().toLowerCase() ?? "";
}
