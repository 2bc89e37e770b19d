import { EXIT, OperatorError } from "../config/operator-error.ts";

/** Longer names would be cut off at 63 bytes, and the four roles would become one. */
const PLAIN_NAME = /^[\w -]{1,50}$/;

/** The name of the database. @throws OperatorError when it cannot begin the names of roles. */
export function rolePrefixOf(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.slice(1)) || "postgres";
  if (PLAIN_NAME.test(name)) return name;
  throw new OperatorError(
    EXIT.config,
    "The name of the database cannot begin the names of the database roles. Set KRONICLE_ROLE_PREFIX to a short plain name.",
  );
}
