/** In charge of reading JSON without guessing: no repeated keys, no deep nesting, no broken UTF-8. */
import { jsonPointer } from "./json-pointer.ts";

/** Deeper documents can overflow the stack of programs that write them out again. */
const MAX_NESTING = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

type JsonFault = { readonly code: string; readonly detail: string; readonly pointer?: string };

type Parsed = { readonly value: unknown; readonly fault?: undefined } | { readonly value?: undefined; readonly fault: JsonFault };

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function parseStrictJson(bytes: Uint8Array): Parsed {
  const { deepest, members } = scan(bytes);
  if (deepest > MAX_NESTING) {
    return { fault: { code: "too_deep", detail: `it nests deeper than ${MAX_NESTING} levels` } };
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { fault: { code: "not_utf8", detail: "it is not valid UTF-8" } };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: { code: "syntax_error", detail: error instanceof Error ? error.message : "syntax error" } };
  }
  // JSON.parse keeps the last of two equal keys, so fewer members than colons means that one was lost.
  if (countMembers(value) !== members) {
    return { fault: { code: "duplicate_key", detail: "a key stands twice in one object", pointer: findDuplicate(bytes) } };
  }
  return { value };
}

/** One pass over the bytes, before anything is allocated. Of valid JSON it counts right; of other input the parser takes care. */
function scan(bytes: Uint8Array): { deepest: number; members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) index = endOfString(bytes, index);
    else if (byte === COLON) members++;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > deepest) deepest = depth;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
  }
  return { deepest, members };
}

function endOfString(bytes: Uint8Array, start: number): number {
  let index = start + 1;
  while (index < bytes.length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
  return index;
}

function countMembers(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") count += countMembers(item);
  } else if (isObject(value)) {
    // Parsed JSON inherits nothing enumerable, and no list is made of what each object holds.
    for (const key in value) count += typeof value[key] === "object" ? 1 + countMembers(value[key]) : 1;
  }
  return count;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

type Frame = { readonly keys: Set<string> | null; place: string | number };

/** The pointer of the first key that stands twice. Only for JSON that is known to have one. */
function findDuplicate(bytes: Uint8Array): string {
  const frames: Frame[] = [];
  let expectsKey = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    const frame = frames.at(-1);
    if (byte === QUOTE) {
      const end = endOfString(bytes, index);
      if (expectsKey && frame?.keys) {
        const key: unknown = JSON.parse(decoder.decode(bytes.subarray(index, end + 1)));
        frame.place = String(key);
        if (frame.keys.has(frame.place)) return jsonPointer(frames.map(({ place }) => place));
        frame.keys.add(frame.place);
        expectsKey = false;
      }
      index = end;
    } else if (byte === OPEN_OBJECT) {
      frames.push({ keys: new Set(), place: "" });
      expectsKey = true;
    } else if (byte === OPEN_ARRAY) {
      frames.push({ keys: null, place: 0 });
      expectsKey = false;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      frames.pop();
      expectsKey = false;
    } else if (byte === COMMA && frame) {
      if (typeof frame.place === "number") frame.place++;
      else expectsKey = true;
    }
  }
  return "";
}
