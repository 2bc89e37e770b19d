/** In charge of what Express and the validator throw. */
import { z } from "zod";
import { describeFaults, type Fault } from "./fault.ts";
import { didYouMean } from "../formats/did-you-mean.ts";
import { jsonPointer, readJsonPointer } from "../formats/json-pointer.ts";
import { ProblemError } from "./problem-error.ts";

const httpError = z.looseObject({ status: z.int().min(400).max(499), message: z.string() });
const validatorErrors = z.object({
  errors: z.array(z.looseObject({ path: z.string(), message: z.string(), errorCode: z.string().optional() })),
});

/** What was asked, as far as the messages about it need it. */
type Asked = {
  readonly body: unknown;
  /** Values of the path parameters. */
  readonly path: Readonly<Record<string, unknown>>;
  /** Where those things are listed, one of which the path names: `/api/v1/channels`. */
  readonly collection: string;
  /** Names of the members that the contract knows at a place in the body. */
  readonly membersAt: (places: readonly string[]) => readonly string[];
};

/** Null when the error is not one of theirs. */
export function fromHttp(error: unknown, asked: Asked): ProblemError | null {
  const { data: http } = httpError.safeParse(error);
  if (!http) return null;

  const { data: contract } = validatorErrors.safeParse(error);
  if (contract && contract.errors.length > 0) {
    const errors = contract.errors.map(({ path, message, errorCode }) => toFault(path, message, errorCode, asked));
    return new ProblemError("request_invalid", `The request breaks the contract: ${describeFaults(errors)}.`, {
      errors,
      cause: error,
    });
  }
  return new ProblemError("request_invalid", "The request is malformed.", { cause: error });
}

/** The validator writes places as /body/rows/0, /query/limit, /params/channel_id. */
function toFault(path: string, message: string, errorCode = "invalid", asked: Asked): Fault {
  const [, place, ...rest] = path.split("/");
  const keyword = errorCode.replace(/\.openapi\.validation$/, "");
  const code = keyword.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (place === "body") {
    const pointer = UNKNOWN_MEMBER.has(keyword) ? pointerToMember(asked.body, rest) : toPointer(rest);
    return { pointer, code, detail: describeInBody(pointer, keyword, message, asked) };
  }
  // What follows the name of a parameter is a place in its list.
  const parameter = rest[0] || place || "request";
  const detail = place === "params" && NO_ID.test(message) ? describeNoId(parameter, asked) : message;
  return { parameter, code, detail };
}

const UNKNOWN_MEMBER: ReadonlySet<string> = new Set(["additionalProperties", "unevaluatedProperties"]);

/** What the validator says of a text that is no UUID: nothing else in the contract has 36 characters. */
const NO_ID = /"uuid"|than 36 characters/;

function describeNoId(parameter: string, { path, collection }: Asked): string {
  const given = String(path[parameter]);
  const query = new URLSearchParams({ name: given }).toString();
  return given.length > MAX_NAME_LENGTH
    ? "an id is a UUID, such as 6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10"
    : `"${given}" is no id, which is a UUID; if it is a name, ${collection}?${query} has the id`;
}

/** No name is longer. */
const MAX_NAME_LENGTH = 256;

/** In words that say something to a person; those of JSON Schema often do not. */
function describeInBody(pointer: string, keyword: string, message: string, { body, membersAt }: Asked): string {
  if (NO_ID.test(message)) {
    const isNamed = membersAt([]).includes("name") && pointer === "/channel_id";
    return `an id is a UUID, such as 6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10${isNamed ? "; a name stands in /name" : ""}`;
  }
  if (UNKNOWN_MEMBER.has(keyword)) {
    const places = readJsonPointer(pointer);
    const name = places.pop() ?? "";
    const known = membersAt(places);
    return `there is no such member${didYouMean(name, known) || (known.length > 0 ? `; there are ${known.join(", ")}` : "")}`;
  }
  if (pointer === "" && Array.isArray(body)) {
    return membersAt([]).includes("rows")
      ? 'a bare list is not taken; send it as {"rows": […]}'
      : "expected an object, and it is a list";
  }
  if (keyword === "pattern" && message.includes(KEY_OF_LABELS)) return 'a key has 1 to 256 characters, and none of them is ":"';
  if (keyword === "required") return `it is missing${askForMisspelt(pointer, body, membersAt([]))}`;
  return DETAILS[keyword] ?? message;
}

/** The pattern that the contract has for keys of metadata and tags. */
const KEY_OF_LABELS = "^[^:]+$";

const DETAILS: Readonly<Record<string, string>> = {
  not: "a member is missing, or must not be here; the description of this object in the contract says which",
};

/** Of a body with more members than any that is right, nobody knows what was meant. */
const MAX_MEMBERS = 100;

/** A member that is missing may be there by another name. */
function askForMisspelt(pointer: string, body: unknown, known: readonly string[]): string {
  const [missing = "", ...inner] = readJsonPointer(pointer);
  const given = inner.length > 0 ? [] : Object.keys(Object(body));
  const misspelt = given.slice(0, MAX_MEMBERS).find((name) => !known.includes(name) && didYouMean(name, [missing]) !== "");
  return misspelt === undefined ? "" : `; did you mean it by "${misspelt}"?`;
}

function toPointer(escapedParts: readonly string[]): string {
  return escapedParts.map((part) => `/${part}`).join("");
}

/** The validator ends the path of an unknown member with its bare name, which may hold slashes: only the body tells where it begins. */
function pointerToMember(body: unknown, parts: readonly string[]): string {
  let container = body;
  for (const [index, member] of readJsonPointer(toPointer(parts)).entries()) {
    const name = parts.slice(index).join("/");
    if (typeof container !== "object" || container === null) break;
    if (Object.hasOwn(container, name)) return `${toPointer(parts.slice(0, index))}${jsonPointer([name])}`;
    container = Reflect.get(container, member);
  }
  return toPointer(parts);
}
