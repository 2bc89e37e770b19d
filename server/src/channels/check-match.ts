import { isMatch } from "../formats/etag.ts";
import { ProblemError } from "../problems/problem-error.ts";

/** @throws ProblemError precondition_failed when the caller means another version than the current one; null is none at all. */
export function checkMatch(header: string | undefined, current: { readonly version: number } | null): void {
  if (isMatch(header, current)) return;
  const found = current === null ? "There is no such channel" : `The channel has version "${current.version}"`;
  throw new ProblemError(
    "precondition_failed",
    `${found}, and If-Match does not name it. Read the channel again, and decide anew.`,
  );
}
