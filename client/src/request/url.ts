/** In charge of URLs: where the service is, and which path of it a request takes. */

/**
 * Reads the address of a service: its origin, and the path it is mounted under if there is one.
 *
 * The address is in no message, since it may hold a password.
 *
 * @throws TypeError when it is not an http(s) URL, or holds what would be lost or would leak: a query, a fragment, a password.
 */
export function parseBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (!url || !/^https?:\/\/[^/@]+\/[^?#]*$/.test(url.href))
    throw new TypeError("baseUrl has to be an http(s) URL without login, query, fragment.");
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** Fills the placeholders of a path. A value that leads elsewhere has been refused before. */
export function writePath(path: string, values: Readonly<Record<string, unknown>>): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(values[name])));
}

/** The name of a request in messages: without the query, which may be long, and says less than the path. */
export function requestName({ method, url }: Request): string {
  return `${method} ${url.replace(/\?.*/, "")}`;
}
