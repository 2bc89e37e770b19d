/** In charge of what a command writes to stdout. */

/** Writes what a command has to say to stdout: for people, or as JSON with `--json`. */
export function print(value: unknown, text: string, { json }: { readonly json?: true | undefined }): void {
  process.stdout.write(`${json ? printable(JSON.stringify(value, null, 2)) : text}\n`);
}

/** With control characters written out: what a terminal takes for a command must not come from a label or from a file. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

type Cell = string | readonly string[] | boolean | null;

const GAP = "  ";

/** Rows in aligned columns under their names; `none` when there are none. */
export function table<Name extends string>(
  names: readonly Name[],
  rows: readonly Readonly<Record<Name, Cell>>[],
  none: string,
): string {
  if (rows.length === 0) return none;
  const lines = [
    [...names],
    ...rows.map((row) => names.map((name) => (row[name] === null ? "-" : printable(String(row[name]).replaceAll("\n", " "))))),
  ];
  const widths = names.map((_name, index) => Math.max(...lines.map((cells) => cells[index]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}
