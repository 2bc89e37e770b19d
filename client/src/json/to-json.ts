/** In charge of the JSON of request bodies: that of JSON.stringify, but for the sign of a zero, which JSON can hold and JSON.stringify drops. */

/** The text of a body. Only in rows the sign of a zero matters. */
export function toJson(body: object): string {
  if (!("rows" in body) || !Array.isArray(body.rows)) return JSON.stringify(body);
  const rows: readonly unknown[] = body.rows;
  return objectJson(body, (value) => (value === rows ? listJson(rows.map(rowJson)) : JSON.stringify(value)));
}

/** The text of an append, from those of its rows. */
export function rowsJson(rowTexts: readonly string[]): string {
  return `{"rows":${listJson(rowTexts)}}`;
}

/** The text of a row. */
export function rowJson(row: unknown): string {
  if (typeof row !== "object" || row === null || !Object.values(row).some(isNegativeZero)) return JSON.stringify(row);
  return objectJson(row, (value) => (isNegativeZero(value) ? "-0" : JSON.stringify(value)));
}

/** Members without a text are left out, as JSON.stringify does. */
function objectJson(members: object, textOf: (value: unknown) => string | undefined): string {
  const texts = Object.entries(members).flatMap(([name, value]: [string, unknown]) => {
    const text = textOf(value);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${texts.join(",")}}`;
}

function listJson(texts: readonly string[]): string {
  return `[${texts.join(",")}]`;
}

function isNegativeZero(value: unknown): boolean {
  return Object.is(value, -0);
}
