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
  const scanner = createJsonScanner(bytes);
  scanner.scanTo(bytes.length);
  return parseScanned(bytes, scanner);
}

/** For who has scanned it. */
export function parseScanned(bytes: Uint8Array, { size }: JsonScanner): Parsed {
  const tooDeep = checkDepth(size);
  if (tooDeep) return { fault: tooDeep };
  const parsed = parsePart(bytes);
  // JSON.parse keeps the last of two equal keys, so fewer members than colons means that one was lost.
  return parsed.fault || countMembers(parsed.value) === size.members ? parsed : { fault: duplicateKey(bytes) };
}

/** How much of a list is parsed before others may do something: a millisecond or two. */
const GROUP_BYTES = 262_144;

/**
 * The same for a large document, which it must not keep the event loop for: that of an append, an object with a list of rows, is parsed so
 * many rows at a time. Whatever else there is in it is parsed at once.
 *
 * @param turn lets others do something.
 */
export async function parseInSteps(
  bytes: Uint8Array,
  { size, rows }: JsonScanner,
  turn: () => Promise<unknown>,
): Promise<Parsed> {
  const tooDeep = checkDepth(size);
  if (tooDeep) return { fault: tooDeep };
  if (!rows || rows.end < 0) return parseScanned(bytes, { size, rows: null, scanTo: () => 0 });

  // Valid is what is valid without the elements of the list, and whose elements are valid lists by the group. Hence both say the same.
  const around = parsePart(join([bytes.subarray(0, rows.start + 1), bytes.subarray(rows.end)]));
  if (around.fault) return around;
  const list = isObject(around.value) ? around.value[ROWS] : null;
  // A second list of this name is what JSON.parse would keep.
  if (!Array.isArray(list) || list.length > 0) return { fault: duplicateKey(bytes) };
  let members = countMembers(around.value);
  let start = rows.start + 1;
  for (const { end, elements } of [...rows.groups, { end: rows.end, elements: rows.elements }]) {
    await turn();
    const group = parsePart(join([OPENING, bytes.subarray(start, end), CLOSING]));
    if (group.fault) return group;
    if (!Array.isArray(group.value) || group.value.length !== elements) {
      return { fault: { code: "syntax_error", detail: "an element of a list is missing" } };
    }
    members += countMembers(group.value);
    for (const element of group.value) list.push(element);
    start = end + 1;
  }
  return members === size.members ? around : { fault: duplicateKey(bytes) };
}

const ROWS = "rows";
const OPENING = Uint8Array.of(OPEN_ARRAY);
const CLOSING = Uint8Array.of(CLOSE_ARRAY);

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function parsePart(bytes: Uint8Array): Parsed {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { fault: { code: "not_utf8", detail: "it is not valid UTF-8" } };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: { code: "syntax_error", detail: error instanceof Error ? error.message : "syntax error" } };
  }
}

/** What keeps it from being parsed, before it is. */
export function checkDepth({ deepest, isUnbalanced }: Pick<JsonSize, "deepest" | "isUnbalanced">): JsonFault | null {
  if (isUnbalanced) return { code: "syntax_error", detail: "it closes what it has not opened" };
  return deepest > MAX_NESTING ? { code: "too_deep", detail: `it nests deeper than ${MAX_NESTING} levels` } : null;
}

function duplicateKey(bytes: Uint8Array): JsonFault {
  return { code: "duplicate_key", detail: "a key stands twice in one object", pointer: findDuplicate(bytes) };
}

/**
 * No row of a channel has more columns, and no object of that size costs more than its values do. One of a million keys takes seconds to
 * parse, to check and to write, each in one piece, and 250 bytes a key.
 */
export const FEW_MEMBERS = 512;

/** How many members past those the rows of one request may hold: some tens of milliseconds. */
export const MAX_SURPLUS_MEMBERS = 100_000;

/** Of valid JSON it is right; of other input the parser takes care. */
type JsonSize = {
  deepest: number;
  /** Whether a bracket closes what was not opened. */
  isUnbalanced: boolean;
  members: number;
  /** Members past the first `FEW_MEMBERS` of an element of `rows`, or of whatever is around that list. */
  surplusMembers: number;
  /** Values of all kinds, or a few more: every one but the first of a container stands behind a comma. */
  values: number;
  /** Elements of the lists in the outermost object, such as the rows of an append. */
  elements: number;
  /** Objects and lists. */
  containers: number;
};

/** Where the list `rows` of the outermost object lies, and where it can be cut into groups of some size. */
type RowsPlace = { start: number; end: number; groups: { readonly end: number; readonly elements: number }[]; elements: number };

export type JsonScanner = {
  readonly size: Readonly<JsonSize>;
  readonly rows: RowsPlace | null;
  /** Goes on to this byte, or to the end of the string that it lies in; returns where it stands. */
  readonly scanTo: (end: number) => number;
};

/**
 * One pass over the bytes, in as many steps as one likes, before anything is made of them.
 *
 * @param groupBytes of the groups that a list of rows is cut into.
 */
export function createJsonScanner(bytes: Uint8Array, groupBytes = GROUP_BYTES): JsonScanner {
  const size: JsonSize = {
    deepest: 0,
    isUnbalanced: false,
    members: 0,
    surplusMembers: 0,
    values: 1,
    elements: 0,
    containers: 0,
  };
  let rows: RowsPlace | null = null;
  let index = 0;
  let depth = 0;
  let isObjectAround = false;
  let isListAtTwo = false;
  let keyStart = 0;
  let groupStart = 0;
  let membersBefore = 0;

  const addMember = () => {
    if (++size.members - membersBefore > FEW_MEMBERS) size.surplusMembers++;
  };
  const open = (isList: boolean) => {
    size.values++;
    size.containers++;
    if (++depth > size.deepest) size.deepest = depth;
    if (depth === 1) isObjectAround = !isList;
    if (depth !== 2) return;
    isListAtTwo = isList && isObjectAround;
    if (!isListAtTwo) return;
    size.elements++;
    if (rows || !isRowsKey(bytes, keyStart)) return;
    rows = { start: index, end: -1, groups: [], elements: 1 };
    groupStart = index + 1;
    membersBefore = size.members;
  };
  const close = () => {
    if (depth === 0) {
      size.isUnbalanced = true;
      return;
    }
    if (depth-- !== 2 || !rows || rows.end >= 0) return;
    rows.end = index;
    membersBefore = size.members;
    // Only blanks: the list is empty.
    if (rows.elements === 1 && rows.groups.length === 0 && isBlank(bytes, rows.start + 1, index)) rows.elements = 0;
  };
  const separate = () => {
    size.values++;
    if (depth !== 2 || !isListAtTwo) return;
    size.elements++;
    if (!rows || rows.end >= 0) return;
    membersBefore = size.members;
    if (index - groupStart < groupBytes) {
      rows.elements++;
      return;
    }
    rows.groups.push({ end: index, elements: rows.elements });
    rows.elements = 1;
    groupStart = index + 1;
  };

  return {
    size,
    get rows() {
      return rows;
    },
    scanTo: (end) => {
      for (; index < end; index++) {
        const byte = bytes[index];
        if (byte === QUOTE) {
          if (depth === 1) keyStart = index;
          index = endOfString(bytes, index);
        } else if (byte === COMMA) separate();
        else if (byte === COLON) addMember();
        else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open(byte === OPEN_ARRAY);
        else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) close();
      }
      return index;
    },
  };
}

function isRowsKey(bytes: Uint8Array, start: number): boolean {
  const token = bytes.subarray(start, Math.min(endOfString(bytes, start) + 1, start + 32));
  return parsePart(token).value === ROWS;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if ((bytes[index] ?? 0) > 0x20) return false;
  return true;
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
