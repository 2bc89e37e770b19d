import { ProblemError } from "./problem-error.ts";

export function bodyTooLarge(limitBytes: number): ProblemError {
  const detail = `The body may have at most ${limitBytes} bytes, counted after inflation. Send the rows in several requests.`;
  return new ProblemError("body_too_large", detail);
}
