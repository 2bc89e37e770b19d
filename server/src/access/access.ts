/** In charge of telling who owns a credential: a key that the configuration sets, an API key, or a token. */
import { hash } from "node:crypto";
import { decodeJwt } from "jose";
import { LRUCache } from "lru-cache";
import type { Config } from "../config/config.ts";
import type { Database } from "../db/database.ts";
import type { Observe } from "../observation/observation.ts";
import { identifyByAccessTokens } from "./access-tokens.ts";
import { API_KEY_PREFIX } from "./api-key.ts";
import { identifyByExternalTokens } from "./external-tokens.ts";
import { identifyByApiKeys } from "./identify-api-key.ts";
import { identifyByStaticKeys } from "./identify-static-key.ts";
import type { Principal } from "./principal.ts";
import { type SigningKeys, startSigningKeys } from "./signing-keys.ts";

/** Null for whatever is malformed, forged, unknown, expired or revoked. */
export type Identify = (credential: string) => Promise<Principal | null>;

/** Whether a credential has been valid before, as far as that is remembered: who makes one up for each request is not many callers. */
export type IsProven = (credential: string) => boolean;

export type Access = { readonly identify: Identify; readonly isProven: IsProven; readonly signingKeys: SigningKeys };

/** Only valid credentials are remembered, so nobody without one can push the others out. */
const MAX_PROVEN = 10_000;

export async function startAccess(config: Config, { pools }: Database, observe: Observe): Promise<Access> {
  const signingKeys = await startSigningKeys(pools.auth, observe);
  const byStaticKey = identifyByStaticKeys(config.staticKeys);
  const byApiKey = identifyByApiKeys(pools.auth, observe);
  const byAccessToken = identifyByAccessTokens(pools.auth, signingKeys);
  const byExternalToken = config.externalIssuer && identifyByExternalTokens(config.externalIssuer);

  const proven = new LRUCache<string, true>({ max: MAX_PROVEN });
  // What is kept in memory for long is no secret.
  const fingerprintOf = (credential: string) => hash("sha256", credential, "base64");

  const findOwner: Identify = async (credential) => {
    const known = byStaticKey(credential);
    if (known) return known;
    if (credential.startsWith(API_KEY_PREFIX)) return byApiKey(credential);
    const isExternal = byExternalToken && issuerOf(credential) === config.externalIssuer?.issuer;
    return isExternal ? byExternalToken(credential) : byAccessToken(credential);
  };
  const identify: Identify = async (credential) => {
    const owner = await findOwner(credential);
    if (owner) proven.set(fingerprintOf(credential), true);
    return owner;
  };
  return { identify, isProven: (credential) => proven.get(fingerprintOf(credential)) !== undefined, signingKeys };
}

/** As the token claims: it only chooses who checks that. */
function issuerOf(credential: string): string | null {
  try {
    return decodeJwt(credential).iss ?? null;
  } catch {
    return null;
  }
}
