/** RFC 8288. A relative reference: only the caller knows under which address it reached us. */
export function nextPage(path: string, query: Readonly<Record<string, string | number | readonly string[]>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) parameters.append(name, String(item));
  }
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
