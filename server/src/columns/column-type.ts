/** In charge of the nine column types: their names, their aliases, and the typed slot that stores each. */

/** Type of a storage slot, which is the name of its PostgreSQL type. */
export const SLOT_TYPES = ["bool", "float8", "int8", "jsonb", "text", "timestamptz", "uuid"] as const;

export type SlotType = (typeof SLOT_TYPES)[number];

export const SLOT_OF_TYPE = {
  str: "text",
  int: "int8",
  int64: "int8",
  float: "float8",
  bool: "bool",
  uuid: "uuid",
  datetime: "timestamptz",
  dict: "jsonb",
  list: "jsonb",
} as const satisfies Record<string, SlotType>;

export type ColumnType = keyof typeof SLOT_OF_TYPE;

export const COLUMN_TYPES = [
  "str",
  "int",
  "int64",
  "float",
  "bool",
  "uuid",
  "datetime",
  "dict",
  "list",
] as const satisfies ColumnType[];

const ALIASES: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ...COLUMN_TYPES.map((type) => [type, type] as const),
  ["string", "str"],
  ["text", "str"],
  ["integer", "int"],
  ["number", "float"],
  ["double", "float"],
  ["double precision", "float"],
  ["boolean", "bool"],
  ["uuid4", "uuid"],
  ["uuidv4", "uuid"],
  ["uuid_v4", "uuid"],
  ["date", "datetime"],
  ["timestamp", "datetime"],
  ["timestamptz", "datetime"],
  ["time", "datetime"],
  ["json", "dict"],
  ["jsonb", "dict"],
]);

const OPTIONAL = /^optional\[(.*)\]$/;

/** Null when there is no such type. */
export function parseColumnType(text: string): { type: ColumnType; optional: boolean } | null {
  const wrapped = OPTIONAL.exec(text)?.[1];
  const type = ALIASES.get(wrapped ?? text);
  return type ? { type, optional: wrapped !== undefined } : null;
}

export function formatColumnType({ type, optional }: { type: ColumnType; optional: boolean }): string {
  return optional ? `optional[${type}]` : type;
}
