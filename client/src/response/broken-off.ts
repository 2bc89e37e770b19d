import { NetworkError } from "../errors/network-error.ts";

/** The error for a stream that ended before its time. */
export function brokenOff(cause?: unknown): NetworkError {
  return new NetworkError("The export broke off: what has come is not all of it.", { cause });
}
