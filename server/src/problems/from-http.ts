/** In charge of what Express and the validator throw. */
import { z } from "zod";
import type { Fault } from "./fault.ts";
import { jsonPointer } from "../formats/json-pointer.ts";
import { ProblemError } from "./problem-error.ts";

const httpError = z.looseObject({ status: z.int().min(400).max(499), message: z.string() });
const validatorErrors = z.object({
  errors: z.array(z.looseObject({ path: z.string(), message: z.string(), errorCode: z.string().optional() })),
});

/** Null when the error is not one of theirs. */
export function fromHttp(error: unknown, requestBody: unknown): ProblemError | null {
  const { data: http } = httpError.safeParse(error);
  if (!http) return null;

  const { data: contract } = validatorErrors.safeParse(error);
  if (contract && contract.errors.length > 0) {
    const errors = contract.errors.map(({ path, message, errorCode }) => toFault(path, message, errorCode, requestBody));
    const detail = errors.map((fault) => `${fault.pointer || fault.parameter || "body"}: ${fault.detail}`).join("; ");
    return new ProblemError("request_invalid", `The request breaks the contract: ${detail}.`, { errors, cause: error });
  }
  return new ProblemError("request_invalid", "The request is malformed.", { cause: error });
}

/** The validator writes places as /body/rows/0, /query/limit, /params/channel_id. */
function toFault(path: string, message: string, errorCode = "invalid", requestBody: unknown = null): Fault {
  const [, place, ...rest] = path.split("/");
  const keyword = errorCode.replace(/\.openapi\.validation$/, "");
  const code = keyword.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const detail = DETAILS[keyword] ?? message;
  if (place === "body")
    return { pointer: keyword === "additionalProperties" ? pointerToMember(requestBody, rest) : toPointer(rest), code, detail };
  // What follows the name of a parameter is a place in its list.
  return { parameter: rest[0] || place || "request", code, detail };
}

/** Words for JSON Schema keywords whose own say nothing to a person. */
const DETAILS: Readonly<Record<string, string>> = {
  not: "a member is missing, or must not be here; the description of this object in the contract says which",
};

function toPointer(escapedParts: readonly string[]): string {
  return escapedParts.map((part) => `/${part}`).join("");
}

/** The validator ends the path of an unknown member with its bare name, which may hold slashes: only the body tells where it begins. */
function pointerToMember(body: unknown, parts: readonly string[]): string {
  let container = body;
  for (const [index, part] of parts.entries()) {
    const name = parts.slice(index).join("/");
    if (typeof container !== "object" || container === null) break;
    if (Object.hasOwn(container, name)) return `${toPointer(parts.slice(0, index))}${jsonPointer([name])}`;
    container = Reflect.get(container, part.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return toPointer(parts);
}
