/** In charge of cursors: where a page ended, and which query it belongs to, as one opaque text. */
import { createHash } from "node:crypto";
import { z } from "zod";

/** Null unless the text is a cursor that `packCursor` made for the same query. */
export function unpackCursor<T>(text: string, query: unknown, shape: z.ZodType<T>): T | null {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const [, stored] = z.tuple([z.string(), z.unknown()]).parse(json);
    return packCursor(stored, query) === text ? shape.parse(stored) : null;
  } catch {
    return null;
  }
}

/** What a text says that looks like a cursor, before it is known which query it belongs to; null where it says nothing of the kind. */
export function peekCursor<T>(text: string, shape: z.ZodType<T>): T | null {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return z.tuple([z.string(), shape]).parse(json)[1];
  } catch {
    return null;
  }
}

export function packCursor(position: unknown, query: unknown): string {
  return Buffer.from(JSON.stringify([hash([query, position]), position])).toString("base64url");
}

/** Only tells queries apart, so a few characters do. */
function hash(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 8);
}
