import { checkStorable } from "../columns/value-check.ts";
import { badQuery } from "../problems/bad-query.ts";

type Text = string | readonly string[] | null | undefined;

/** @throws ProblemError query_invalid for what no stored text can hold, such as NUL. */
export function checkTextFilters(filters: Readonly<Record<string, Text>>): void {
  const faults = Object.entries(filters).flatMap(([parameter, value]) => {
    const fault = checkStorable(value ?? undefined);
    return fault ? [{ parameter, code: fault.code, detail: fault.detail }] : [];
  });
  if (faults.length > 0) throw badQuery(faults);
}
