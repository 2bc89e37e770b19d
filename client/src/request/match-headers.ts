import type { MatchOptions } from "../lanes/match-options.ts";

/** RFC 9110. */
const ENTITY_TAGS = /^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*)$/;

/** @throws TypeError for what is no entity tag: leaving it out would overwrite what somebody else has changed. */
export function matchHeaders({ ifMatch }: MatchOptions): { "If-Match"?: string } {
  if (ifMatch === undefined) return {};
  if (typeof ifMatch === "string" && ENTITY_TAGS.test(ifMatch)) return { "If-Match": ifMatch };
  throw new TypeError('ifMatch has to be the etag of a result, such as "3" with its quotes.');
}
