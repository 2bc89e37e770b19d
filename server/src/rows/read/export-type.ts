/** In charge of the form of an export: what the `format` asks for, and otherwise what the `Accept` header prefers. */
import { ProblemError } from "../../problems/problem-error.ts";

/** What the caller likes no less than another comes first: by its other name, NDJSON has to be asked for. */
const ALL_TYPES = ["application/x-ndjson", "text/csv", "application/ndjson"] as const;

type ExportType = (typeof ALL_TYPES)[number];

const TYPES: Readonly<Record<"ndjson" | "csv", readonly ExportType[]>> = {
  ndjson: ["application/x-ndjson", "application/ndjson"],
  csv: ["text/csv"],
};

/** @throws ProblemError not_acceptable when the Accept header does not allow the format that was asked for. */
export function chooseExportType(
  format: "ndjson" | "csv" | undefined,
  preferredType: (types: readonly string[]) => string | null,
): ExportType {
  const types = format === undefined ? ALL_TYPES : TYPES[format];
  const preferred = preferredType(types);
  const type = types.find((each) => each === preferred);
  if (type !== undefined) return type;
  const detail = `format=${format} is ${types.join(" or ")}, which the Accept header does not allow.`;
  throw new ProblemError("not_acceptable", detail);
}
