/** In charge of the keys that the configuration sets. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Config } from "../config/config.ts";
import type { Principal } from "./principal.ts";
import { ROLES } from "./role.ts";

export function identifyByStaticKeys(staticKeys: Config["staticKeys"]): (credential: string) => Principal | null {
  const known = ROLES.flatMap((role) => {
    const key = staticKeys[role];
    return key === null ? [] : [{ hash: sha256(key), principal: { id: `static-${role}`, userId: null, role, scope: null } }];
  });
  return (credential) => {
    if (known.length === 0) return null;
    const hash = sha256(credential);
    return known.find((key) => timingSafeEqual(key.hash, hash))?.principal ?? null;
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
