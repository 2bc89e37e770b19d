/** In charge of rows and columns on their way in: the one place where what the wire brings gets the types of the definition. */
import type { ChannelDefinition } from "../channel/channel-definition.ts";
import { type ParsedType, parseColumnType, typeIn } from "../channel/column-type.ts";
import type { components } from "../schema.generated.ts";

type Schemas = components["schemas"];
type Decode = (value: unknown) => unknown;

/** Rows are changed in place: nobody else has them, and most channels have no column that is to be changed. */
export function decodeRows<Row>(definition: ChannelDefinition, rows: Schemas["RowsPage"]["rows"]): Row[] {
  for (const name of new Set(["time", "received_at", ...Object.keys(definition.columns)])) {
    const decode = decoderOf(definition, name);
    if (!decode) continue;
    for (const row of rows) {
      if (Object.hasOwn(row, name)) row[name] = decode(row[name]);
    }
  }
  // The caller has compared the definition with the channel, so that the values are of these types.
  return rows as Row[];
}

export function decodeColumns<Columns>(definition: ChannelDefinition, columns: Schemas["ColumnsPage"]["columns"]): Columns {
  const decoded = Object.entries(columns).map(([name, values]): [string, ArrayLike<unknown>] => {
    const { kind, isOptional } = typeOf(definition, name);
    // Every float is a double already, and null is none.
    if (kind === "float" && !isOptional) return [name, Float64Array.from(values, Number)];
    const decode = decoderOf(definition, name);
    return [name, decode ? values.map(decode) : values];
  });
  // The caller has compared here too.
  return Object.fromEntries(decoded) as Columns;
}

export function decodeLatest<Columns>(
  definition: ChannelDefinition,
  columns: NonNullable<Schemas["Latest"]["columns"]>,
): Columns {
  const decoded = Object.entries(columns).map(([name, latest]): [string, unknown] => {
    if (!latest) return [name, latest];
    const [row] = decodeRows<Record<string, unknown>>(definition, [{ time: latest.time, [name]: latest.value }]);
    return [name, { time: row?.["time"], value: row?.[name] }];
  });
  // The caller has compared here too.
  return Object.fromEntries(decoded) as Columns;
}

/** Undefined where a value is the same here as on the wire. */
export function decoderOf(definition: ChannelDefinition, name: string): Decode | undefined {
  const { kind } = typeOf(definition, name);
  if (kind === "int64") return toBigInt;
  return kind === "datetime" && definition.times === "date" ? toDate : undefined;
}

function typeOf({ columns }: ChannelDefinition, name: string): Partial<ParsedType> {
  if (name === "time" || name === "received_at") return { kind: "datetime" };
  return parseColumnType(typeIn(columns, name)) ?? {};
}

function toBigInt(value: unknown): unknown {
  return typeof value === "string" ? BigInt(value) : value;
}

function toDate(value: unknown): unknown {
  return typeof value === "string" ? new Date(value) : value;
}
