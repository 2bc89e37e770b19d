/** One thing that was looked at. */
export type Check = {
  readonly name: string;
  readonly status: "ok" | "warn" | "fail";
  readonly found: string;
  /** What to do about it; null when there is nothing to be done. */
  readonly advice: string | null;
};

export function ok(name: string, found: string): Check {
  return { name, status: "ok", found, advice: null };
}

/** It works, and could fail or be had better. */
export function warn(name: string, found: string, advice: string): Check {
  return { name, status: "warn", found, advice };
}

/** A server would not start on it, or would not keep its promises. */
export function fail(name: string, found: string, advice: string): Check {
  return { name, status: "fail", found, advice };
}
