/** How messages call a request: without the query, which may be long, and says less than the path. */
export function requestName({ method, url }: Request): string {
  return `${method} ${url.replace(/\?.*/, "")}`;
}
