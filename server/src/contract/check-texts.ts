/** In charge of text that PostgreSQL cannot keep, which the contract has no pattern for. */
import { jsonPointer } from "../formats/json-pointer.ts";
import { checkStorable } from "../columns/value-check.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { badQuery } from "../problems/common.ts";

/** @throws ProblemError request_invalid for the first text in a body with NUL or half a surrogate pair. */
export function checkTexts(body: unknown, path: readonly string[] = []): void {
  if (typeof body === "string") {
    const fault = checkStorable(body);
    if (!fault) return;
    const pointer = jsonPointer(path);
    const errors = [{ pointer, code: fault.code, detail: fault.detail }];
    throw new ProblemError("request_invalid", `${pointer}: ${fault.detail}.`, { errors });
  }
  if (typeof body !== "object" || body === null) return;
  for (const [name, value] of Object.entries(body)) checkTexts(value, [...path, name]);
}

type Text = string | readonly string[] | null | undefined;

/** @throws ProblemError query_invalid for what no stored text can hold, such as NUL. */
export function checkTextFilters(filters: Readonly<Record<string, Text>>): void {
  const faults = Object.entries(filters).flatMap(([parameter, value]) => {
    const fault = checkStorable(value ?? undefined);
    return fault ? [{ parameter, code: fault.code, detail: fault.detail }] : [];
  });
  if (faults.length > 0) throw badQuery(faults);
}
