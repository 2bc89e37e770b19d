/** In charge of what `kronicle import` is asked for. */
import { type ColumnType, parseColumnType } from "../../channel/column-type.ts";
import type { AppendOptions } from "../../writing/append-options.ts";
import { DEFAULT_URL } from "../connection.ts";
import { readArguments } from "../read-arguments.ts";
import { UsageError } from "../usage-error.ts";
import type { DecimalMark } from "./number-text.ts";
import { parseTimeFormat } from "./time-column.ts";
import type { TimeForm } from "./time-text.ts";
import { createZone, type Zone } from "./zone.ts";

export const DENSITIES = ["dense", "normal", "sparse"] as const;
export type Density = (typeof DENSITIES)[number];

/** What becomes of a line whose time the channel has already. */
export type OnSameTime = NonNullable<AppendOptions["onSameTime"]>;

export type ImportOptions = {
  readonly file: string;
  readonly url: string;
  readonly channel: string;
  readonly time: readonly string[];
  readonly zone: Zone | null;
  readonly timeForm: TimeForm | undefined;
  readonly delimiter: string | undefined;
  readonly decimalMark: DecimalMark | undefined;
  readonly encoding: string | undefined;
  readonly skip: number | undefined;
  readonly names: readonly string[] | undefined;
  readonly omit: readonly string[];
  readonly types: ReadonlyMap<string, ColumnType>;
  readonly missing: ReadonlySet<string>;
  readonly density: Density | undefined;
  readonly onSameTime: OnSameTime | undefined;
  readonly rejected: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
};

const OPTIONS = {
  url: { type: "string" },
  channel: { type: "string" },
  time: { type: "string", multiple: true },
  zone: { type: "string" },
  "time-format": { type: "string" },
  delimiter: { type: "string" },
  "decimal-comma": { type: "boolean" },
  "decimal-point": { type: "boolean" },
  encoding: { type: "string" },
  skip: { type: "string" },
  names: { type: "string" },
  omit: { type: "string", multiple: true },
  type: { type: "string", multiple: true },
  null: { type: "string", multiple: true },
  density: { type: "string" },
  "on-same-time": { type: "string" },
  rejected: { type: "string" },
  "dry-run": { type: "boolean" },
  yes: { type: "boolean" },
} as const;

/** @throws UsageError */
export function readImportOptions(args: readonly string[]): ImportOptions {
  const { values, positionals } = readArguments(args, OPTIONS);
  const [file, another] = positionals;
  if (file === undefined) throw new UsageError("Say which file: kronicle import FILE --channel NAME.");
  if (another !== undefined) throw new UsageError(`One file at a time: "${another}" is another one.`);
  if (!values.channel) throw new UsageError("Say where to: --channel with the name or the id of a channel.");
  return {
    file,
    url: values.url ?? DEFAULT_URL,
    channel: values.channel,
    time: values.time ?? [],
    zone: values.zone === undefined ? null : createZone(values.zone),
    timeForm: values["time-format"] === undefined ? undefined : parseTimeFormat(values["time-format"]),
    delimiter: values.delimiter === undefined ? undefined : readDelimiter(values.delimiter),
    decimalMark: readMark(values["decimal-comma"], values["decimal-point"]),
    encoding: values.encoding,
    skip: values.skip === undefined ? undefined : readCount(values.skip),
    names: values.names?.split(","),
    omit: values.omit ?? [],
    types: new Map((values.type ?? []).map(readType)),
    missing: new Set(values.null),
    density: values.density === undefined ? undefined : readDensity(values.density),
    onSameTime: values["on-same-time"] === undefined ? undefined : readOnSameTime(values["on-same-time"]),
    rejected: values.rejected ?? `${file}.rejected.csv`,
    dryRun: values["dry-run"] ?? false,
    yes: values.yes ?? false,
  };
}

function readDelimiter(text: string): string {
  const delimiter = text === "tab" || text === "\\t" ? "\t" : text;
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new UsageError(`--delimiter "${text}" is no single character, and not tab.`);
}

function readMark(isComma = false, isPoint = false): DecimalMark | undefined {
  if (isComma && isPoint) throw new UsageError("--decimal-comma and --decimal-point exclude each other.");
  if (isComma) return ",";
  return isPoint ? "." : undefined;
}

function readCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`--skip "${text}" is no number of lines.`);
}

/** The name of a column may have a `=` in it, and a type has none. */
function readType(text: string): [string, ColumnType] {
  const at = text.lastIndexOf("=");
  const type = text.slice(at + 1);
  if (at < 1) throw new UsageError(`--type "${text}" is not COLUMN=TYPE, such as temperature=float.`);
  if (isColumnType(type)) return [text.slice(0, at), type];
  throw new UsageError(
    `--type "${text}": there is no column type "${type}". Some that there are: float, int, int64, str, bool, datetime.`,
  );
}

export function isColumnType(type: string): type is ColumnType {
  return parseColumnType(type) !== undefined;
}

function readOnSameTime(text: string): OnSameTime {
  if (text === "keep" || text === "ignore") return text;
  throw new UsageError(`--on-same-time "${text}" is neither keep nor ignore.`);
}

function readDensity(text: string): Density {
  const density = DENSITIES.find((known) => known === text);
  if (density) return density;
  throw new UsageError(`--density "${text}" is none of ${DENSITIES.join(", ")}.`);
}
