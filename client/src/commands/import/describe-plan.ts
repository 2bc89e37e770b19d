/** In charge of what is shown before anything is stored. */
import type { Channel } from "../../channel/channel.ts";
import type { Table } from "./detect-table.ts";
import type { Density, ImportOptions } from "./import-options.ts";
import type { ColumnPlan, PlannedColumn } from "./plan-columns.ts";
import type { ScannedFile } from "./scan-file.ts";
import type { TimeReader } from "./time-column.ts";

export type Plan = ColumnPlan & {
  readonly scanned: ScannedFile;
  readonly readTime: TimeReader;
  /** Lines that will not be stored. */
  readonly refused: number;
  /** First and last time of the others. */
  readonly first: string;
  readonly last: string;
  readonly density: Density;
};

const DELIMITER_NAMES = new Map([["\t", "tab"]]);
const CONTROL = /\p{C}/gu;

export function describePlan(options: ImportOptions, plan: Plan, channel: Channel | null): string {
  const { scanned, columns, empty, refused, first, last, density } = plan;
  const { table, timeColumns, rows, encoding } = scanned;
  const times = timeColumns.map((place) => table.names[place]).join(" + ");
  const width = Math.max(...columns.map(({ name }) => name.length), "time".length);
  const lines = [
    `${options.file}: ${rows} rows in ${encoding}, separated by "${DELIMITER_NAMES.get(table.delimiter) ?? table.delimiter}"`,
    ...describeHead(table),
    `  ${"time".padEnd(width)}  ${times}${options.zone ? `, in ${options.zone.name}` : ""}: ${first} to ${last}`,
    ...columns.map((column) => `  ${column.name.padEnd(width)}  ${describeColumn(column)}`),
    ...empty.map((name) => `  ${name.padEnd(width)}  left out: it has no values`),
    ...(refused > 0 ? [`  lines that will be refused: ${refused}; they go to ${options.rejected}`] : []),
    channel ? `To the channel "${options.channel}", which is there.` : `To the new channel "${options.channel}" (${density}).`,
  ];
  return lines.map((line) => `${line.replaceAll(CONTROL, "")}\n`).join("");
}

function describeHead({ preamble, headRecords }: Table): string[] {
  const below = Math.max(0, headRecords - preamble - 1);
  return preamble + below === 0 ? [] : [`  lines passed over: ${preamble} above the names of the columns, ${below} below`];
}

function describeColumn({ source, name, type, mark, kind, unit, note }: PlannedColumn): string {
  const notes = [
    source === name ? "" : `from "${source}"`,
    kind === "float" && mark === "," ? "decimal comma" : "",
    unit === undefined ? "" : `in ${unit}`,
    note,
  ].filter((text) => text !== "");
  return notes.length === 0 ? type : `${type}  (${notes.join("; ")})`;
}
