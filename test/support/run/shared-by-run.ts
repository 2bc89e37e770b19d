/** What all files of one run share. A program like `npm run matrix`, which no run has started, has none of it. */
import { inject, type ProvidedContext } from "vitest";

export function sharedByRun<Key extends keyof ProvidedContext>(key: Key): ProvidedContext[Key] | null {
  return process.env["VITEST"] === undefined ? null : (inject(key) ?? null);
}
