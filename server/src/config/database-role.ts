/** In charge of the four database roles, one for each lane and one for sign-in. What each may do is the wall that stands even if the server is wrong. */
import { EXIT, OperatorError } from "./operator-error.ts";

export const DATABASE_ROLES = ["reader", "writer", "admin", "auth"] as const;

export type DatabaseRole = (typeof DATABASE_ROLES)[number];

export type PerDatabaseRole<T> = Readonly<Record<DatabaseRole, T>>;

export function perDatabaseRole<T>(make: (role: DatabaseRole) => T): PerDatabaseRole<T> {
  return { reader: make("reader"), writer: make("writer"), admin: make("admin"), auth: make("auth") };
}

/** Their names in the cluster. Roles belong to the whole cluster, so they carry a prefix. */
export function databaseRoleNames(prefix: string): PerDatabaseRole<string> {
  return perDatabaseRole((role) => `${prefix}_${role}`);
}

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
