import { ProblemError } from "./problem-error.ts";

export function badCursor(): ProblemError {
  return new ProblemError(
    "query_invalid",
    "The cursor is malformed, belongs to another query, or stands at a row that is gone. Start again without it.",
    {
      errors: [{ parameter: "cursor", code: "bad_cursor", detail: "not a cursor of this query" }],
    },
  );
}
