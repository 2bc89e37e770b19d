/**
 * Reads the address of a service: its origin, and the path it is mounted under if there is one.
 *
 * The address is in no message, since it may hold a password.
 *
 * @throws TypeError when it is not an http(s) URL, or holds what would be lost or would leak: a query, a fragment, a password.
 */
export function parseBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new TypeError("baseUrl has to be an http or https URL, such as http://127.0.0.1:8000.");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError("baseUrl must not hold a query, a fragment, a user name or a password: the token says who asks.");
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}
