/** In charge of what the bytes of a body hold: counted before anything is made of them, and a large one in steps, between which others are served. */
import { isUtf8 } from "node:buffer";
import { setImmediate as turn } from "node:timers/promises";
import { checkDepth, createJsonScanner, MAX_SURPLUS_MEMBERS, parseInSteps, parseScanned } from "../../formats/strict-json.ts";
import { tooManyCells, tooManyMembers, tooManyRows } from "../../problems/common.ts";
import type { Fault } from "../../problems/fault.ts";

export type BodyLimits = { readonly maxRows: number; readonly maxCells: number };

/** How much a body holds, as far as its bytes tell: never less than there is. */
export type BodySize = { readonly bytes: number; readonly rows: number; readonly values: number; readonly containers: number };

type Body = { readonly value: unknown; readonly fault?: undefined } | { readonly value?: undefined; readonly fault: Fault };

/** Larger ones are read in steps. */
const SMALL_BYTES = 65_536;
const STEP_BYTES = 1_048_576;

/**
 * @param reserve is told what there is before it is made.
 * @throws ProblemError body_too_large, or what `reserve` throws.
 */
export async function parseBody(
  bytes: Buffer,
  isJson: boolean,
  { maxRows, maxCells }: BodyLimits,
  reserve: (size: BodySize) => void,
): Promise<Body> {
  const isSmall = bytes.length <= SMALL_BYTES;
  if (!isJson) {
    const { lines, values } = isSmall ? countText(bytes, 0, bytes.length) : await countInSteps(bytes);
    // How many of them are rows is known once they are read: a text may hold line feeds and commas.
    reserve({ bytes: bytes.length, rows: Math.min(lines, maxRows), values: Math.min(values, maxCells), containers: 0 });
    if (!isUtf8(bytes)) return { fault: { code: "not_utf8", detail: "it is not valid UTF-8" } };
    return { value: bytes.toString("utf8") };
  }
  const scanner = createJsonScanner(bytes);
  for (let end = STEP_BYTES; scanner.scanTo(Math.min(end, bytes.length)) < bytes.length; end += STEP_BYTES) await turn();
  const tooDeep = checkDepth(scanner.size);
  if (tooDeep) return { fault: tooDeep };
  const { elements, values, containers, surplusMembers } = scanner.size;
  if (elements > maxRows) throw tooManyRows(maxRows);
  if (values > maxCells) throw tooManyCells(maxCells);
  if (surplusMembers > MAX_SURPLUS_MEMBERS) throw tooManyMembers();
  reserve({ bytes: bytes.length, rows: elements, values, containers });
  return isSmall ? parseScanned(bytes, scanner) : parseInSteps(bytes, scanner, turn);
}

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

async function countInSteps(bytes: Buffer) {
  const total = { lines: 0, values: 0 };
  for (let start = 0; start < bytes.length; start += STEP_BYTES) {
    const { lines, values } = countText(bytes, start, Math.min(start + STEP_BYTES, bytes.length));
    total.lines += lines;
    total.values += values;
    await turn();
  }
  return total;
}

function countText(bytes: Buffer, start: number, end: number) {
  let lines = 1;
  let commas = 0;
  for (let index = start; index < end; index++) {
    const byte = bytes[index];
    if (byte === LINE_FEED) lines++;
    else if (byte === COMMA) commas++;
  }
  return { lines, values: lines + commas };
}
