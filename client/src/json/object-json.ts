/** Members without a text are left out, as JSON.stringify does. */
export function objectJson(members: object, textOf: (value: unknown) => string | undefined): string {
  const texts = Object.entries(members).flatMap(([name, value]: [string, unknown]) => {
    const text = textOf(value);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${texts.join(",")}}`;
}
