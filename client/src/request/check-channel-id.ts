const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Lets only a UUID become part of a path: an empty id or `..` would make it the path of another operation.
 *
 * @throws TypeError for anything else.
 */
export function checkChannelId(channelId: string): string {
  if (typeof channelId === "string" && UUID.test(channelId)) return channelId;
  throw new TypeError("The channel id has to be a UUID, such as 6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10.");
}
