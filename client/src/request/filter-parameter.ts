/** In charge of how a filter is written as a parameter; the grammar says which there are. */

/**
 * The name of the parameter: an operator, a column, and the steps of a path into its documents.
 *
 * @throws TypeError when a dot in a step, or a bracket, would make it the name of something else.
 */
export function filterName(operator: string, column: string, path: readonly string[] = []): string {
  const unwritable = /[[\]]/.test(column) ? column : path.find((step) => step.includes("."));
  if (unwritable !== undefined) throw new TypeError(`"${unwritable}" cannot be named: it holds a dot or a bracket`);
  return `${operator}[${[column, ...path].join(".")}]`;
}

/** Several values as one: a line of CSV (RFC 4180). */
export function csvLine(values: readonly string[]): string {
  return values.map((value) => (/^$|[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(",");
}
