/** In charge of which columns of a file become which of a channel, and of which type. */
import type { Channel } from "../../channel/channel.ts";
import { type ColumnKind, type ColumnType, parseColumnType } from "../../channel/column-type.ts";
import { UsageError } from "../usage-error.ts";
import { type ImportOptions, isColumnType } from "./import-options.ts";
import type { DecimalMark } from "./number-text.ts";
import type { ScannedFile } from "./scan-file.ts";

export type PlannedColumn = {
  /** Where it is in the file. */
  readonly place: number;
  readonly source: string;
  /** What it is called in the channel. */
  readonly name: string;
  readonly type: ColumnType;
  readonly kind: ColumnKind;
  readonly mark: DecimalMark;
  /** Texts that stand for no value. */
  readonly missing: ReadonlySet<string>;
  readonly unit: string | undefined;
  readonly note: string;
};

export type ColumnPlan = { readonly columns: readonly PlannedColumn[]; readonly empty: readonly string[] };

const NOT_IN_NAMES = /[^\p{L}\p{M}\p{N}_ \-()%°/.]/gu;
/** Where `NaN` and its like are no values. */
const KINDS_WITH_MARKERS: ReadonlySet<ColumnKind> = new Set(["float", "int", "int64", "bool"]);
const DOTTED_DAY = /^\d{1,2}\.\d{1,2}\.\d/;
const MAX_NAME = 128;
const MAX_UNIT = 64;

/**
 * @param channel that is there already: its types hold.
 * @throws UsageError when numbers can be read in two ways, or the channel lacks a column.
 */
export function planColumns(file: string, scanned: ScannedFile, options: ImportOptions, channel: Channel | null): ColumnPlan {
  const { names, units } = scanned.table;
  const fileMark = decideMark(file, scanned, options);
  const taken = new Set(["time", "received_at", "__proto__"]);
  const columns: PlannedColumn[] = [];
  const empty: string[] = [];
  for (const [place, scan] of scanned.columns) {
    const source = names[place] ?? "";
    const said = options.types.get(source);
    if (scan.isEmpty && said === undefined) {
      empty.push(source);
      continue;
    }
    const mark = scan.mark ?? fileMark;
    const guess = scan.guess(mark);
    const free = newName(source, taken);
    const name = channel ? storedName(source, free, channel) : free;
    if (columns.some((column) => column.name === name)) {
      throw new UsageError(`${file} has two columns for "${name}" of the channel. Add --omit "${source}", or omit the other.`);
    }
    const declared = channel ? storedType(file, source, name, channel, said) : (said ?? guess.type);
    const kind = parseColumnType(declared)?.kind ?? "str";
    const missing = KINDS_WITH_MARKERS.has(kind) ? guess.missing : new Set<string>();
    const type = said && !channel ? withGaps(said, scan.hasGaps || missing.size > 0) : declared;
    columns.push({
      place,
      source,
      name,
      type,
      kind,
      mark,
      missing,
      unit: unitOf(units[place]),
      note: channel || said ? "" : guess.note,
    });
  }
  if (columns.length === 0) throw new UsageError(`${file} has no column of values besides its time.`);
  return { columns, empty };
}

/** What stands before fractions where the values of a column do not tell. */
function decideMark(
  file: string,
  { columns, table, timeColumns }: ScannedFile,
  { decimalMark, types }: ImportOptions,
): DecimalMark {
  if (decimalMark) return decimalMark;
  const marks = new Set([...columns.values()].map(({ mark }) => mark));
  const firstTime = table.sample[0]?.cells[timeColumns[0] ?? 0] ?? "";
  // Whoever writes days so writes fractions with a comma, unless other numbers tell.
  const hasCommas = marks.has(",") || (!marks.has(".") && table.delimiter === ";" && DOTTED_DAY.test(firstTime));
  for (const [place, { unsure }] of columns) {
    const name = table.names[place] ?? "";
    if (!unsure || types.get(name)?.includes("str")) continue;
    // A lone point is one before a fraction, unless others of the file are commas.
    if (unsure.text.includes(",") === hasCommas && marks.has(",") === hasCommas) continue;
    throw new UsageError(
      `${file}, line ${unsure.line}, column "${name}": "${unsure.text}" may be a fraction or thousands. ` +
        `Add --decimal-comma or --decimal-point to say what is before fractions, or --type "${name}=str" to keep the text.`,
    );
  }
  return hasCommas ? "," : ".";
}

/** As an import that created the channel has named it, or as it is in the file. */
function storedName(source: string, name: string, { channel_schema }: Channel): string {
  const known = (wanted: string) => Object.keys(channel_schema).find((column) => column.toLowerCase() === wanted.toLowerCase());
  return known(name) ?? known(source) ?? name;
}

function storedType(file: string, source: string, name: string, channel: Channel, said: ColumnType | undefined): ColumnType {
  const type = Object.hasOwn(channel.channel_schema, name) && name !== "time" ? channel.channel_schema[name] : undefined;
  if (type === undefined) {
    throw new UsageError(
      `The channel has no column for "${source}" of ${file}. Add --omit "${source}", or add the column to the channel.`,
    );
  }
  if (!isColumnType(type)) {
    throw new UsageError(
      `The column "${name}" of the channel is of the type "${type}", which this version of @kronicle/client does not know.`,
    );
  }
  if (said !== undefined && parseColumnType(said)?.kind !== parseColumnType(type)?.kind) {
    throw new UsageError(
      `The channel is there already, and its column "${name}" is ${type}: leave --type "${source}=${said}" out.`,
    );
  }
  return type;
}

/** Whoever says a type says what values are; that some are missing the file shows. */
function withGaps(type: ColumnType, hasGaps: boolean): ColumnType {
  const optional = `optional[${type}]`;
  return hasGaps && isColumnType(optional) ? optional : type;
}

/** A name that a channel can have, unlike those that are taken. */
function newName(source: string, taken: Set<string>): string {
  const name = toName(source);
  let unlike = name;
  for (let number = 2; taken.has(unlike.toLowerCase()); number++) unlike = `${name} ${number}`;
  taken.add(unlike.toLowerCase());
  return unlike;
}

/** Names have letters and digits of any script, and some signs: `Temp [°C]` becomes `Temp (°C)`. */
function toName(source: string): string {
  const round = source.normalize("NFC").replaceAll("[", "(").replaceAll("]", ")").replaceAll(/\s+/g, " ");
  const name = round.replaceAll(NOT_IN_NAMES, "_").replace(/^-+/, "_").trim().slice(0, MAX_NAME);
  return name || "_";
}

function unitOf(text = ""): string | undefined {
  const unit = text.replace(/^[[(](.*)[\])]$/, "$1").trim();
  return unit === "" || unit.length > MAX_UNIT ? undefined : unit;
}
