/** In charge of the API keys of the database. */
import { timingSafeEqual } from "node:crypto";
import type { DatabasePool } from "slonik";
import { markKeyUsed } from "./queries/markKeyUsed.ts";
import { selectKey } from "./queries/selectKey.ts";
import { readScope } from "./channel-scope.ts";
import type { Observe } from "../observation/observation.ts";
import { parseApiKey } from "./api-key.ts";
import type { Principal } from "./principal.ts";
import { cacheForAWhile } from "./ttl-cache.ts";

/** How exact "last used" is. */
const USE_NOTED_EVERY_MS = 60_000;

export function identifyByApiKeys(pool: DatabasePool, observe: Observe): (credential: string) => Promise<Principal | null> {
  const lookUp = cacheForAWhile(async (keyId) => {
    const stored = await selectKey(pool, keyId);
    return stored && { ...stored, scope: readScope(stored.channels, stored.tags), isNoted: false };
  });

  return async (credential) => {
    const parsed = parseApiKey(credential);
    const stored = parsed && (await lookUp(parsed.keyId));
    if (!stored || stored.role !== parsed.role || !timingSafeEqual(stored.secret_hash, parsed.secretHash)) return null;
    const now = Date.now();
    if (stored.is_revoked || now >= (stored.expires_at_ms ?? Infinity)) return null;

    if (!stored.isNoted && now - (stored.last_used_at_ms ?? -Infinity) > USE_NOTED_EVERY_MS) {
      stored.isNoted = true;
      // Not waited for: the request is served, whether or not its use could be noted.
      markKeyUsed(pool, parsed.keyId).catch((error: unknown) =>
        observe({ event: "key_use_unnoted", keyId: parsed.keyId, error }),
      );
    }
    return { id: parsed.keyId, userId: null, role: stored.role, scope: stored.scope };
  };
}
