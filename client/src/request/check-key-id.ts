const KEY_ID = /^[0-9A-Za-z]{12}$/;

/**
 * Lets only the id of a key become part of a path: `..` would make it the path of another operation, and a whole key would be logged.
 *
 * @throws TypeError for anything else.
 */
export function checkKeyId(keyId: string): string {
  if (typeof keyId === "string" && KEY_ID.test(keyId)) return keyId;
  throw new TypeError("The id of a key has 12 letters and digits; it is the third part of the key.");
}
