import { randomUUID } from "node:crypto";

/** As W3C Trace Context writes it: 32 hexadecimal digits, not all of them zero. */
export function newTraceId(): string {
  return randomUUID().replaceAll("-", "");
}
