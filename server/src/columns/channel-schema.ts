/** In charge of the schema of a channel: from what the caller declares to columns with a place in the storage. */
import type { Fault } from "../problems/fault.ts";
import {
  type ColumnType,
  describeUnknownType,
  formatColumnType,
  parseColumnType,
  type SlotType,
  TYPE_RULES,
} from "./column-type.ts";
import { jsonPointer } from "../formats/json-pointer.ts";

export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly optional: boolean;
  /** Name of the storage column: the slot type and a number, `float8_1`. */
  readonly slot: string;
};

export type ChannelSchema = Readonly<Record<string, string>>;

export const MAX_COLUMNS = 256;

const MAX_NAME_LENGTH = 128;

/** Letters and digits of any script, and what units and labels need. It starts with no `-`, which `sort` uses. */
const COLUMN_NAME = /^(?!-)[\p{L}\p{M}\p{N}_ \-()%°/.]{1,128}$/u;

const RESERVED_NAMES = new Set(["time", "received_at", "__proto__"]);

/** Reads a declared schema. Columns keep the order of their declaration. */
export function planColumns(declared: ChannelSchema): { columns: Column[]; faults: Fault[] } {
  const columns: Column[] = [];
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  const used = new Map<SlotType, number>();

  for (const [name, declaredType] of Object.entries(declared)) {
    const pointer = jsonPointer(["channel_schema", name]);
    const parsed = parseColumnType(declaredType);
    if (!parsed) {
      faults.push({ pointer, code: "unknown_type", detail: describeUnknownType(declaredType) });
      continue;
    }
    if (name === "time") {
      if (parsed.type === "datetime" && !parsed.optional) continue;
      faults.push({ pointer, code: "reserved_name", detail: "time is always there and always datetime" });
      continue;
    }
    const nameFault = checkName(name, seen);
    if (nameFault) {
      faults.push({ pointer, ...nameFault });
      continue;
    }
    const slotType = TYPE_RULES[parsed.type].slot;
    const number = (used.get(slotType) ?? 0) + 1;
    used.set(slotType, number);
    columns.push({ name, ...parsed, slot: `${slotType}_${number}` });
  }

  for (const { name, detail } of ambiguousNames(columns)) {
    faults.push({ pointer: jsonPointer(["channel_schema", name]), code: "ambiguous_name", detail });
  }
  if (faults.length === 0 && columns.length === 0) {
    faults.push({
      pointer: "/channel_schema",
      code: "too_few_columns",
      detail: "a channel has at least one column besides time",
    });
  }
  if (columns.length > MAX_COLUMNS) {
    faults.push({
      pointer: "/channel_schema",
      code: "too_many_columns",
      detail: `a channel has at most ${MAX_COLUMNS} columns besides time`,
    });
  }
  return { columns, faults };
}

/** The names that differ only in case are kept apart nowhere else, so they are refused here. */
export function checkName(name: string, seen: Map<string, string>): { code: string; detail: string } | null {
  if (!COLUMN_NAME.test(name)) return { code: "bad_name", detail: describeBadName(name) };
  if (name.normalize("NFC") !== name) return { code: "bad_name", detail: "a name has to be in Unicode normalization form C" };
  const folded = fold(name);
  if (RESERVED_NAMES.has(folded)) return { code: "reserved_name", detail: `${name} is reserved` };
  const twin = seen.get(folded);
  if (twin !== undefined) return { code: "duplicate_name", detail: `it differs from ${twin} only in case` };
  seen.set(folded, name);
  return null;
}

/**
 * Behind the name of a `dict` a dot leads into its documents. A column whose name begins so would be two things in one: queries could not tell
 * the column from the path.
 */
export function ambiguousNames(
  columns: readonly Pick<Column, "name" | "type">[],
): { name: string; document: string; detail: string }[] {
  const documents = new Map(columns.filter(({ type }) => type === "dict").map(({ name }) => [fold(name), name]));
  return columns.flatMap(({ name }) => {
    const folded = fold(name);
    for (let dot = folded.indexOf("."); dot >= 0; dot = folded.indexOf(".", dot + 1)) {
      const document = documents.get(folded.slice(0, dot));
      if (document !== undefined) {
        const detail = `"${name}" would also be a path into "${document}", which is a dict; name one of them otherwise`;
        return [{ name, document, detail }];
      }
    }
    return [];
  });
}

function fold(name: string): string {
  return name.toUpperCase().toLowerCase();
}

/** One that is not seen, or takes the place of another, is told by its code point alone. */
const VISIBLE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;

function describeBadName(name: string): string {
  const characters = [...name];
  const bad = characters.find((character) => !COLUMN_NAME.test(`a${character}`));
  const rule = "letters, digits, _, space, -, (, ), %, °, / and .";
  if (bad === undefined) {
    if (name.startsWith("-")) return `a name does not start with -; "${name.slice(0, MAX_NAME_LENGTH)}" does`;
    return `a name has 1 to ${MAX_NAME_LENGTH} characters; this one has ${characters.length}`;
  }
  const codePoint = `U+${(bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return `the name holds ${VISIBLE.test(bad) ? `"${bad}" (${codePoint})` : codePoint}; a name has ${rule}`;
}

/** What a caller would declare to get these columns, types by their first name. */
export function toChannelSchema(columns: readonly Column[]): ChannelSchema {
  return Object.fromEntries(columns.map((column) => [column.name, formatColumnType(column)]));
}

/** The schema as answers show it, `time` first. As text, for an object would put names such as "1" before it. */
export function schemaJson(columns: readonly Column[]): string {
  const members = columns.map((column) => `,${JSON.stringify(column.name)}:${JSON.stringify(formatColumnType(column))}`);
  return `{"time":"datetime"${members.join("")}}`;
}

/** How many slots of each type the columns take. */
export function countSlots(columns: readonly Column[]): Partial<Record<SlotType, number>> {
  const counts: Partial<Record<SlotType, number>> = {};
  for (const { type } of columns) {
    const { slot } = TYPE_RULES[type];
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}
