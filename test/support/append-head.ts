import { KEYS } from "./server.ts";

/** The head of an append by the writer's key, byte by byte as it goes out, for bodies that no client would send. */
export function appendHead(channelId: string, ...headers: readonly string[]): string {
  return [
    `POST /data/v1/channels/${channelId}/rows HTTP/1.1`,
    "Host: kronicle",
    `Authorization: Bearer ${KEYS.writer}`,
    "Content-Type: application/json",
    ...headers,
    "\r\n",
  ].join("\r\n");
}
