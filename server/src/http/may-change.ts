/** Methods that only read (RFC 9110). */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request of this method could change anything: only then an answer says that nothing was stored. */
export function mayChange(method: string | undefined): boolean {
  return method === undefined || !SAFE_METHODS.has(method);
}
