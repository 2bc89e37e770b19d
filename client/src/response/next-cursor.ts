const NEXT_LINK = /<([^>]*)>\s*;\s*rel="?next"?/i;

/** The cursor in a `Link` header (RFC 8288), or null on the last page. Only the cursor is taken: a proxy may serve other paths. */
export function nextCursor(link: string | null): string | null {
  const target = NEXT_LINK.exec(link ?? "")?.[1];
  return target === undefined ? null : new URL(target, "http://localhost").searchParams.get("cursor");
}
