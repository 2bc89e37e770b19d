import type { AppendOptions } from "../writing/append-options.ts";
import type { operations } from "../schema.generated.ts";
import { encodeQuery, plainParameters } from "./encode-query.ts";
import { uuidV7 } from "../retry/uuid-v7.ts";
import { withoutUndefined } from "./without-undefined.ts";

type WriteHeaders = NonNullable<operations["appendRows"]["parameters"]["header"]>;

/** What the quoted string of the header can hold. */
const KEY = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/** @throws TypeError when the idempotency key cannot be sent. */
export function writeParameters(options: AppendOptions): { header: WriteHeaders; search: string } {
  const { idempotencyKey: key = uuidV7(), returnRows, signal: _, ...query } = options;
  if (typeof key !== "string" || !KEY.test(key)) {
    throw new TypeError('idempotencyKey has to be 1 to 255 printable ASCII characters, without " and \\.');
  }
  return {
    header: withoutUndefined({
      "Idempotency-Key": `"${key}"`,
      Prefer: returnRows ? "return=representation" : undefined,
    }),
    search: encodeQuery(plainParameters(query)),
  };
}
