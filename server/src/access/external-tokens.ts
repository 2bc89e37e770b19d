/** In charge of the tokens of another issuer that the configuration trusts, such as the sign-in service of a company. */
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import type { Config } from "../config/config.ts";
import { ProblemError } from "../problems/problem-error.ts";
import type { Principal } from "./principal.ts";
import { ROLES } from "./role.ts";

const ALGORITHMS = ["EdDSA", "ES256", "PS256", "RS256"];
/** It is written to the audit trail. */
const SUBJECT = /^[\x21-\x7e]{1,255}$/;

export function identifyByExternalTokens({
  issuer,
  audience,
  jwksUrl,
  roleClaim,
}: NonNullable<Config["externalIssuer"]>): (credential: string) => Promise<Principal | null> {
  // It asks again for a key that it does not know, at most once in 30 seconds.
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 3_000, cooldownDuration: 30_000 });

  return async (credential) => {
    try {
      const { payload } = await jwtVerify(credential, keys, {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        requiredClaims: ["exp", "sub"],
        clockTolerance: 5,
      });
      const roles = new Set([payload[roleClaim]].flat());
      const role = ROLES.findLast((candidate) => roles.has(candidate));
      if (!role || !SUBJECT.test(payload.sub ?? "")) return null;
      return { id: `external:${payload.sub}`, userId: null, role, scope: null };
    } catch (error) {
      if (isRefusal(error)) return null;
      throw new ProblemError("issuer_unavailable", "The issuer of this token cannot be asked for its keys. Try again.", {
        cause: error,
      });
    }
  };
}

/** Anything else tells about the way to the issuer, and nothing about the token. */
function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError && !["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"].includes(error.code);
}
