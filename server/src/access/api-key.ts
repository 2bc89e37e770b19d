/** In charge of the format of API keys: `krn_<role>_<id>_<secret>_<checksum>`, the last three in base62. */
import { createHash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";
import { type Role, ROLES } from "./role.ts";

export const API_KEY_PREFIX = "krn_";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 12;
/** 43 digits of base62 hold 256 bits. */
const SECRET_LENGTH = 43;
/** 6 digits of base62 hold a CRC-32. */
const CHECKSUM_LENGTH = 6;

const FORMAT = new RegExp(
  `^${API_KEY_PREFIX}(${ROLES.join("|")})_([0-9A-Za-z]{${ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})_([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

export type ApiKey = { readonly role: Role; readonly keyId: string; readonly secretHash: Buffer };

export function makeApiKey(role: Role): ApiKey & { readonly text: string } {
  const keyId = randomBase62(ID_LENGTH);
  const secret = randomBase62(SECRET_LENGTH);
  const body = `${API_KEY_PREFIX}${role}_${keyId}_${secret}`;
  return { role, keyId, secretHash: hashSecret(secret), text: `${body}_${checksum(body)}` };
}

/** Null unless it has the format and its checksum is right: typing errors and junk never reach the database. */
export function parseApiKey(text: string): ApiKey | null {
  const [, roleText, keyId, secret, sum] = FORMAT.exec(text) ?? [];
  const role = ROLES.find((role) => role === roleText);
  if (!role || !keyId || !secret || sum !== checksum(`${API_KEY_PREFIX}${role}_${keyId}_${secret}`)) return null;
  return { role, keyId, secretHash: hashSecret(secret) };
}

function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let count = 0; count < CHECKSUM_LENGTH; count++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function randomBase62(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(62))).join("");
}
