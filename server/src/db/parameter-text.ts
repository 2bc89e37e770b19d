import { z } from "zod";
import { quotedArray } from "./array-literal.ts";

const element = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * A parameter of a statement as the text that PostgreSQL reads, the same for both databases, whatever type the statement casts it to. Bytes
 * stay as they are: each driver has its own form for them.
 */
export function parameterText(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return quotedArray(z.array(element).parse(value));
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw new TypeError(`a parameter of a statement cannot be ${Object.prototype.toString.call(value)}`);
}
