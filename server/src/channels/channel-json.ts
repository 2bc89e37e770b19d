/** In charge of putting together the JSON of a channel from what the database built, without parsing it again. */
type Parts = {
  /** A JSON object, as text. */
  readonly definition: string;
  readonly row_count: number;
  readonly first_time: string | null;
  readonly last_time: string | null;
};

/**
 * @param more further members, each value as JSON text.
 * @returns the parts of the text.
 */
export function channelJson(
  { definition, row_count, first_time, last_time }: Parts,
  more: Readonly<Record<string, string>> = {},
): string[] {
  const members = {
    available_rows: String(row_count),
    first_time: JSON.stringify(first_time),
    last_time: JSON.stringify(last_time),
    ...more,
  };
  const added = Object.entries(members).flatMap(([name, json]) => [`,"${name}":`, json]);
  return [definition.slice(0, -1), ...added, "}"];
}
