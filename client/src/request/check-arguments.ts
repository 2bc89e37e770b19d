/** In charge of arguments that are checked before anything is sent. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const KEY_ID = /^[0-9A-Za-z]{12}$/;

/**
 * Lets only a UUID become part of a path: an empty id or `..` would make it the path of another operation.
 *
 * @throws TypeError for anything else.
 */
export function checkChannelId(channelId: string): string {
  if (typeof channelId === "string" && UUID.test(channelId)) return channelId;
  throw new TypeError("channelId has to be a UUID; channelByName() takes names.");
}

/**
 * Lets only the id of a key become part of a path: `..` would make it the path of another operation, and a whole key would be logged.
 *
 * @throws TypeError for anything else.
 */
export function checkKeyId(keyId: string): string {
  if (typeof keyId === "string" && KEY_ID.test(keyId)) return keyId;
  throw new TypeError("The id of a key has 12 letters and digits; it is the third part of the key.");
}

/** @throws TypeError for what is no number, NaN among it, or less than the minimum. */
export function checkAtLeast(name: string, value: number, minimum: number): void {
  if (!(typeof value === "number" && value >= minimum))
    throw new TypeError(`${name} has to be a number, and at least ${minimum}.`);
}
