/** In charge of the names of column types. */

/** Every name that the contract knows, with the one that answers use for it. */
const CANONICAL_NAMES = {
  str: "str",
  string: "str",
  text: "str",
  int: "int",
  integer: "int",
  int64: "int64",
  float: "float",
  number: "float",
  double: "float",
  "double precision": "float",
  bool: "bool",
  boolean: "bool",
  uuid: "uuid",
  uuid4: "uuid",
  uuidv4: "uuid",
  uuid_v4: "uuid",
  datetime: "datetime",
  date: "datetime",
  timestamp: "datetime",
  timestamptz: "datetime",
  time: "datetime",
  dict: "dict",
  json: "dict",
  jsonb: "dict",
  list: "list",
} as const;

type CanonicalNames = typeof CANONICAL_NAMES;
type TypeName = keyof CanonicalNames;

/** Kind of value that a column holds. */
export type ColumnKind = CanonicalNames[TypeName];

/**
 * Type of a column: a name of the contract or one of its aliases, plain or wrapped as `optional[…]`.
 *
 * @example
 * ```ts
 * import type { ColumnType } from "@kronicle/client";
 *
 * const types: ColumnType[] = ["float", "number", "optional[str]", "optional[double precision]"];
 * ```
 */
export type ColumnType = TypeName | `optional[${TypeName}]`;

/** The names that the column `time` may be declared with. */
export type DatetimeName = { [Name in TypeName]: CanonicalNames[Name] extends "datetime" ? Name : never }[TypeName];

/** The kind behind a column type, optional or not. */
export type KindOf<Type extends ColumnType> = Type extends `optional[${infer Name extends TypeName}]`
  ? CanonicalNames[Name]
  : Type extends TypeName
    ? CanonicalNames[Type]
    : never;

const OPTIONAL = /^optional\[(.*)\]$/;

export type ParsedType = { readonly kind: ColumnKind; readonly isOptional: boolean };

/** The type of a column among those that are its own, and not its prototype's; null when there is none. */
export function typeIn(types: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(types, name) ? (types[name] ?? null) : null;
}

/** Undefined when there is no type, or one that this SDK does not know. */
export function parseColumnType(type: string | null): ParsedType | undefined {
  const wrapped = OPTIONAL.exec(type ?? "")?.[1];
  const name = wrapped ?? type ?? "";
  return isTypeName(name) ? { kind: CANONICAL_NAMES[name], isOptional: wrapped !== undefined } : undefined;
}

function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(CANONICAL_NAMES, name);
}
