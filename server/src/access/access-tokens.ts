/** In charge of the tokens of signed-in users: JWT (RFC 7519) of the access token profile (RFC 9068), short-lived. */
import { jwtVerify, SignJWT } from "jose";
import type { DatabasePool } from "slonik";
import { z } from "zod";
import { selectAccount } from "./queries/selectAccount.ts";
import type { Principal } from "./principal.ts";
import { cacheForAWhile } from "./ttl-cache.ts";
import { type Role, ROLES } from "./role.ts";
import { SIGNING_ALGORITHM, type SigningKeys } from "./signing-keys.ts";

export const TOKEN_LIFETIME_S = 900;

const NAME = "kronicle";
const TYPE = "at+jwt";

const claims = z
  .object({ sub: z.uuid(), role: z.enum(ROLES), ver: z.int(), jti: z.string(), iat: z.number(), exp: z.number() })
  // Whatever signed it: we issue none that lives longer.
  .refine(({ iat, exp }) => exp - iat <= TOKEN_LIFETIME_S);

type TokenOwner = { readonly id: string; readonly role: Role; readonly token_version: number };

export async function issueAccessToken(keys: SigningKeys, { id, role, token_version }: TokenOwner): Promise<string> {
  const { kid, privateKey } = await keys.signer();
  return new SignJWT({ role, ver: token_version })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid })
    .setIssuer(NAME)
    .setAudience(NAME)
    .setSubject(id)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setNotBefore("0s")
    .setExpirationTime(`${TOKEN_LIFETIME_S}s`)
    .sign(privateKey);
}

export function identifyByAccessTokens(pool: DatabasePool, keys: SigningKeys): (credential: string) => Promise<Principal | null> {
  // By the version of the token as well: a newer one than is remembered is proof that the user has changed since.
  const lookUpUser = cacheForAWhile(async (userAndVersion) => {
    const [id = ""] = userAndVersion.split(" ");
    const account = await selectAccount(pool, { id });
    // What is kept in memory has no use for the hash of the password.
    return account && { role: account.role, tokenVersion: account.token_version, isDisabled: account.is_disabled };
  });

  return async (credential) => {
    const token = await verify(credential, keys);
    if (!token) return null;
    // Only a token that we have signed gets this far: junk costs the database nothing.
    const user = await lookUpUser(`${token.sub} ${token.ver}`);
    if (!user || user.isDisabled || user.tokenVersion !== token.ver || user.role !== token.role) return null;
    return { id: token.sub, userId: token.sub, role: user.role, scope: null };
  };
}

async function verify(credential: string, keys: SigningKeys): Promise<z.infer<typeof claims> | null> {
  try {
    const { payload } = await jwtVerify(
      credential,
      ({ kid }) => {
        const key = typeof kid === "string" ? keys.find(kid) : null;
        if (!key) throw new Error("no such signing key");
        return key;
      },
      {
        algorithms: [SIGNING_ALGORITHM],
        typ: TYPE,
        issuer: NAME,
        audience: NAME,
        requiredClaims: ["exp", "iat", "nbf", "jti", "sub"],
        maxTokenAge: TOKEN_LIFETIME_S,
        clockTolerance: 5,
      },
    );
    return claims.safeParse(payload).data ?? null;
  } catch {
    return null;
  }
}
