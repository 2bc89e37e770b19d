/** In charge of the options of a call that become parameters of its operation. */
import type { MatchOptions } from "../lanes/match-options.ts";
import { idempotencyHeader, newIdempotencyKey } from "../retry/idempotency-key.ts";
import type { operations } from "../schema.generated.ts";
import type { AppendOptions } from "../writing/append-options.ts";
import { scalarTexts, withoutUndefined } from "./encode-values.ts";

type AppendHeaders = NonNullable<operations["appendRows"]["parameters"]["header"]>;

/** RFC 9110. */
const ENTITY_TAGS = /^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*)$/;

/** @throws TypeError when the idempotency key cannot be sent. */
export function encodeAppendOptions(options: AppendOptions): { header: AppendHeaders; query: object } {
  const { idempotencyKey = newIdempotencyKey(), returnRows, signal: _, onSameTime: on_same_time, ...query } = options;
  return {
    header: withoutUndefined({
      "Idempotency-Key": idempotencyHeader(idempotencyKey),
      Prefer: returnRows ? "return=representation" : undefined,
    }),
    query: scalarTexts({ ...query, on_same_time }),
  };
}

/** @throws TypeError for what is no entity tag: leaving it out would overwrite what somebody else has changed. */
export function matchHeaders({ ifMatch }: MatchOptions): { "If-Match"?: string } {
  if (ifMatch === undefined) return {};
  if (typeof ifMatch === "string" && ENTITY_TAGS.test(ifMatch)) return { "If-Match": ifMatch };
  throw new TypeError('ifMatch has to be the etag of a result, such as "3" with its quotes.');
}
