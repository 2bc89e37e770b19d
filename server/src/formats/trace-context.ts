/** In charge of the trace that a request belongs to (W3C Trace Context). */
import { randomUUID } from "node:crypto";

/** Where in a trace a request comes from. */
export type TraceParent = { readonly traceId: string; readonly spanId: string; readonly flags: number };

/** Later versions may have more behind these four fields; what is there has to keep its meaning. */
const TRACEPARENT =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;

const FIRST_VERSION = "00";
const FORBIDDEN_VERSION = "ff";
const ZEROS = /^0+$/;

/** Null unless there is exactly one, and it is valid to the letter: then a new trace begins. */
export function readTraceParent(headers: readonly string[]): TraceParent | null {
  const [header, ...others] = headers;
  const { version, traceId, spanId, flags, rest } = TRACEPARENT.exec(header ?? "")?.groups ?? {};
  if (others.length > 0 || !traceId || !spanId || !flags || version === FORBIDDEN_VERSION) return null;
  if (ZEROS.test(traceId) || ZEROS.test(spanId) || (version === FIRST_VERSION && rest !== undefined)) return null;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

/** As W3C Trace Context writes it: 32 hexadecimal digits, not all of them zero. */
export function newTraceId(): string {
  return randomUUID().replaceAll("-", "");
}
