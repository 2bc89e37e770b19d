/**
 * In charge of what a column type is: its names, where it is stored, what it takes and what can be asked of it. How it looks in SQL stands
 * in `queries/type-sql.ts`. A new type is one more name in COLUMN_TYPES: the compiler then asks for its entry in both tables.
 */
import { didYouMean } from "../formats/did-you-mean.ts";
import { narrowTime } from "../formats/instant.ts";
import { shorten } from "../formats/shorten.ts";
import {
  fieldReader,
  readBoolean,
  readDocument,
  readNumber,
  readVerbatim,
  readWrittenBoolean,
  readWrittenInteger,
  readWrittenNumber,
} from "./text-value.ts";
import {
  checkBoolean,
  checkDatetime,
  checkDict,
  checkFloat,
  checkInt,
  checkInt64,
  checkList,
  checkText,
  checkUuid,
  type StoredValue,
  type ValueCheck,
} from "./value-check.ts";

/** Type of a storage slot, which is the name of its PostgreSQL type. */
export const SLOT_TYPES = ["bool", "float8", "int8", "jsonb", "text", "timestamptz", "uuid"] as const;

export type SlotType = (typeof SLOT_TYPES)[number];

/** In the order in which answers list them. */
export const COLUMN_TYPES = ["str", "int", "int64", "float", "bool", "uuid", "datetime", "dict", "list"] as const;

export type ColumnType = (typeof COLUMN_TYPES)[number];

type TypeRules = {
  /** What a declaration may call it besides its name. Answers use the name. */
  readonly aliases: readonly string[];
  readonly slot: SlotType;
  readonly check: ValueCheck;
  /** What a text of a filter or a cursor stands for, as JSON would have said it: `check` looks at it next. */
  readonly fromText: (text: string) => unknown;
  /** The same for a field of CSV, which others write in their own ways. Null when it holds no value. */
  readonly fromField: (text: string) => unknown;
  /** A checked value as JSON, as reading the row would show it. */
  readonly toJson: (value: StoredValue) => string;
  /** Pages of rows that may have any size are measured, so that each fits into memory. */
  readonly size: "fixed" | "any";
  /** What `col` and `any` compare: the value itself, or what lies at a path in it. Of items, `has` finds one. */
  readonly comparedBy: "value" | "path" | "item";
  /** Whether `min` and `max` take it. */
  readonly isRanged: boolean;
  readonly isSortable: boolean;
};

export const TYPE_RULES: Readonly<Record<ColumnType, TypeRules>> = {
  str: {
    aliases: ["string", "text"],
    slot: "text",
    check: checkText,
    fromText: readVerbatim,
    fromField: readVerbatim,
    toJson: (value) => JSON.stringify(value),
    size: "any",
    comparedBy: "value",
    isRanged: false,
    isSortable: true,
  },
  int: {
    aliases: ["integer"],
    slot: "int8",
    check: checkInt,
    fromText: readNumber,
    fromField: fieldReader(readWrittenNumber),
    toJson: String,
    size: "fixed",
    comparedBy: "value",
    isRanged: true,
    isSortable: true,
  },
  int64: {
    aliases: [],
    slot: "int8",
    check: checkInt64,
    fromText: readVerbatim,
    fromField: fieldReader(readWrittenInteger),
    // It may have come with zeros in front.
    toJson: (value) => `"${BigInt(value)}"`,
    size: "fixed",
    comparedBy: "value",
    isRanged: true,
    isSortable: true,
  },
  float: {
    aliases: ["number", "double", "double precision"],
    slot: "float8",
    check: checkFloat,
    fromText: readNumber,
    fromField: fieldReader(readWrittenNumber),
    // -0 is stored as the text "-0".
    toJson: String,
    size: "fixed",
    comparedBy: "value",
    isRanged: true,
    isSortable: true,
  },
  bool: {
    aliases: ["boolean"],
    slot: "bool",
    check: checkBoolean,
    fromText: readBoolean,
    fromField: fieldReader(readWrittenBoolean),
    toJson: String,
    size: "fixed",
    comparedBy: "value",
    isRanged: false,
    isSortable: true,
  },
  uuid: {
    aliases: ["uuid4", "uuidv4", "uuid_v4"],
    slot: "uuid",
    check: checkUuid,
    fromText: readVerbatim,
    fromField: fieldReader(readVerbatim),
    toJson: (value) => JSON.stringify(String(value).toLowerCase()),
    size: "fixed",
    comparedBy: "value",
    isRanged: false,
    isSortable: true,
  },
  datetime: {
    aliases: ["date", "timestamp", "timestamptz", "time"],
    slot: "timestamptz",
    check: checkDatetime,
    fromText: readVerbatim,
    fromField: fieldReader(readVerbatim),
    toJson: (value) => `"${narrowTime(String(value))}"`,
    size: "fixed",
    comparedBy: "value",
    isRanged: true,
    isSortable: true,
  },
  dict: {
    aliases: ["json", "jsonb"],
    slot: "jsonb",
    check: checkDict,
    fromText: readDocument,
    fromField: fieldReader(readDocument),
    // It is JSON text already.
    toJson: String,
    size: "any",
    comparedBy: "path",
    isRanged: false,
    isSortable: false,
  },
  list: {
    aliases: [],
    slot: "jsonb",
    check: checkList,
    fromText: readDocument,
    fromField: fieldReader(readDocument),
    toJson: String,
    size: "any",
    comparedBy: "item",
    isRanged: false,
    isSortable: false,
  },
};

const TYPE_OF_NAME: ReadonlyMap<string, ColumnType> = new Map(
  COLUMN_TYPES.flatMap((type) => [type, ...TYPE_RULES[type].aliases].map((name) => [name, type] as const)),
);

const OPTIONAL = /^optional\[(.*)\]$/;

/** Null when there is no such type. */
export function parseColumnType(text: string): { type: ColumnType; optional: boolean } | null {
  const wrapped = OPTIONAL.exec(text)?.[1];
  const type = TYPE_OF_NAME.get(wrapped ?? text);
  return type ? { type, optional: wrapped !== undefined } : null;
}

/** Longer texts are no slip of somebody who meant a type. */
const MAX_SHOWN_LENGTH = 64;

export function describeUnknownType(text: string): string {
  const guess = didYouMean(OPTIONAL.exec(text)?.[1] ?? text, TYPE_OF_NAME.keys());
  return `there is no column type "${shorten(text, MAX_SHOWN_LENGTH)}"${guess || `; there are ${COLUMN_TYPES.join(", ")}`}`;
}

export function formatColumnType({ type, optional }: { type: ColumnType; optional: boolean }): string {
  return optional ? `optional[${type}]` : type;
}
