/** In charge of the key with which a caller makes an append safe to repeat. */
import { createHash } from "node:crypto";
import type { Principal } from "../../access/principal.ts";
import { ProblemError } from "../../problems/problem-error.ts";

/** A key belongs to its caller; the fingerprint tells whether the request is the same. */
export type IdempotencyKey = { readonly hash: Buffer; readonly fingerprint: Buffer };

/** A quoted string of the draft, or the same bare. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

/** @throws ProblemError request_invalid */
export function readIdempotencyKey(
  header: string | undefined,
  principal: Principal | null,
  fingerprint: Buffer | null,
): IdempotencyKey | null {
  if (header === undefined || !fingerprint) return null;
  const [, quoted, bare] = KEY.exec(header) ?? [];
  const key = quoted ?? bare;
  if (key === undefined) {
    const detail = "expected a quoted string of 1 to 255 printable ASCII characters";
    throw new ProblemError("request_invalid", `Idempotency-Key: ${detail}.`, {
      errors: [{ parameter: "Idempotency-Key", code: "bad_key", detail }],
    });
  }
  const hash = createHash("sha256")
    .update(`${principal?.id ?? ""}\n${key}`)
    .digest()
    .subarray(0, 16);
  return { hash, fingerprint: fingerprint.subarray(0, 16) };
}

/** Another request with the key has not ended, so there is no outcome to repeat. */
export function stillRunning(): ProblemError {
  return new ProblemError(
    "idempotency_in_progress",
    "A request with this Idempotency-Key is still running. Wait, and repeat it.",
    { headers: { "Retry-After": "1" } },
  );
}
