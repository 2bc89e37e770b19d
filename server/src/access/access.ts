/** In charge of telling who owns a credential: a key that the configuration sets, an API key, or a token. */
import { decodeJwt } from "jose";
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

export type Access = { readonly identify: Identify; readonly signingKeys: SigningKeys };

export async function startAccess(config: Config, { pools }: Database, observe: Observe): Promise<Access> {
  const signingKeys = await startSigningKeys(pools.auth, observe);
  const byStaticKey = identifyByStaticKeys(config.staticKeys);
  const byApiKey = identifyByApiKeys(pools.auth, observe);
  const byAccessToken = identifyByAccessTokens(pools.auth, signingKeys);
  const byExternalToken = config.externalIssuer && identifyByExternalTokens(config.externalIssuer);

  const identify: Identify = async (credential) => {
    const known = byStaticKey(credential);
    if (known) return known;
    if (credential.startsWith(API_KEY_PREFIX)) return byApiKey(credential);
    const isExternal = byExternalToken && issuerOf(credential) === config.externalIssuer?.issuer;
    return isExternal ? byExternalToken(credential) : byAccessToken(credential);
  };
  return { identify, signingKeys };
}

/** As the token claims: it only chooses who checks that. */
function issuerOf(credential: string): string | null {
  try {
    return decodeJwt(credential).iss ?? null;
  } catch {
    return null;
  }
}
