/** Whether an answer of this status may be another one later. A 409 that says when to come back is that of a request that still runs; any other is there to stay. */
export function isTransientStatus(status: number, retryAfterMs: number | null): boolean {
  if (status === 409) return retryAfterMs !== null;
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
