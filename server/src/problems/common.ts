/** In charge of the problems that several operations answer with, so that each says the same wherever it comes from. */
import { FEW_MEMBERS, MAX_SURPLUS_MEMBERS } from "../formats/strict-json.ts";
import { ProblemError } from "./problem-error.ts";
import { describeFaults, type Fault, MAX_FAULTS } from "./fault.ts";

export function badCursor(): ProblemError {
  return new ProblemError(
    "query_invalid",
    "The cursor is malformed, belongs to another query, or stands at a row that is gone. Start again without it.",
    {
      errors: [{ parameter: "cursor", code: "bad_cursor", detail: "not a cursor of this query" }],
    },
  );
}

/** @param count of all faults, when they are not all in the list. */
export function badQuery(errors: readonly Fault[], count = errors.length): ProblemError {
  return new ProblemError("query_invalid", describeFaults(errors, count), { errors });
}

/** @param isOfOperation whether the contract sets the limit, for an operation that needs no more; else the configuration does. */
export function bodyTooLarge(limitBytes: number, isOfOperation: boolean): ProblemError {
  const remedy = isOfOperation ? "This operation needs no more." : "Send the rows in several requests.";
  return new ProblemError("body_too_large", `The body may have at most ${limitBytes} bytes, counted after inflation. ${remedy}`);
}

export function channelNotFound(channelId: string): ProblemError {
  return new ProblemError("channel_not_found", `No channel has the id ${channelId}.`);
}

export function credentialInvalid(): ProblemError {
  return new ProblemError("credential_invalid", "The credential is malformed, unknown or no longer valid.", {
    headers: { "WWW-Authenticate": 'Bearer realm="kronicle", error="invalid_token"' },
  });
}

/** @param found what the header has instead: the beginning of a sentence. */
export function credentialUnreadable(found: string): ProblemError {
  const detail = `The Authorization header has to be: Bearer <key>, with one blank and no quotes. ${found}.`;
  return new ProblemError("credential_invalid", detail, {
    headers: { "WWW-Authenticate": 'Bearer realm="kronicle", error="invalid_token"' },
  });
}

export function keyNotFound(keyId: string): ProblemError {
  return new ProblemError("key_not_found", `No valid key has the id ${keyId}.`);
}

/** Methods that only read (RFC 9110). */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request of this method could change anything: only then an answer says that nothing was stored. */
export function mayChange(method: string | undefined): boolean {
  return method === undefined || !SAFE_METHODS.has(method);
}

/** What to do about a server that could not begin with a request. One that only reads has nothing to store. */
export function retryAdvice(isWrite: boolean): string {
  return isWrite ? "Nothing was stored; try again." : "Try again.";
}

/** @param remedy a sentence that says what to do. */
export function schemaConflict(differences: readonly Fault[], remedy: string): ProblemError {
  const errors = differences.slice(0, MAX_FAULTS);
  const places = describeFaults(errors, differences.length);
  return new ProblemError("schema_conflict", `The channel has another schema: ${places}. ${remedy}`, { errors });
}

export function tooManyRows(maxRows: number): ProblemError {
  return new ProblemError("body_too_large", `A request may bring at most ${maxRows} rows. Send them in several requests.`);
}

export function tooManyCells(maxCells: number): ProblemError {
  const detail = `A request may bring at most ${maxCells} values: one for each column of each row, and all that documents hold. Send the rows in several requests.`;
  return new ProblemError("body_too_large", detail);
}

export function tooManyMembers(): ProblemError {
  const detail = `Beyond ${FEW_MEMBERS} keys a row, a request may bring at most ${MAX_SURPLUS_MEMBERS}. Send the rows in several requests, and tables as lists.`;
  return new ProblemError("body_too_large", detail);
}

export function userNotFound(id: string): ProblemError {
  return new ProblemError("user_not_found", `No user has the id ${id}.`);
}
