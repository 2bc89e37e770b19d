/** In charge of what is asked of our part of a database: its schema, its roles, and the functions that nobody may execute. */
import { MAX_SERIES_TABLES } from "../../db/queries/selectStorageUse.ts";
import { type Check, fail, ok, warn } from "./check.ts";

export type SchemaState = {
  readonly kind: "embedded" | "native";
  /** Numbers of the migrations in the database, and how many this version knows. */
  readonly applied: readonly number[];
  readonly known: number;
  readonly roles: readonly { readonly name: string; readonly exists: boolean; readonly has_rights: boolean }[];
  readonly unsafeFunctions: readonly string[];
  readonly maxChunks: number;
  /** Series tables: one for each layout. */
  readonly tables: number;
  /** How many locks all sessions can hold together. */
  readonly locks: number;
  readonly can_create_roles: boolean;
  readonly can_create_schemas: boolean;
};

/** What one statement over all of a series table takes for each chunk: one for it and one for its index. */
const LOCKS_PER_CHUNK = 2;
/** No statement should be able to take more than this part of all locks. */
const MAX_SHARE_OF_LOCKS = 0.25;

export function judgeSchema(state: SchemaState): Check[] {
  return [
    judgeMigrations(state),
    judgeRoles(state),
    judgeFunctions(state),
    judgeTables(state),
    ...(state.kind === "native" ? [judgeChunks(state)] : []),
  ];
}

function judgeMigrations({ applied, known, can_create_schemas: canCreate }: SchemaState): Check {
  const newest = Math.max(0, ...applied);
  const found = `${applied.length} of ${known} applied`;
  if (newest > known)
    return fail("migrations", `${newest}, and this version knows ${known}`, "Start a newer version of Kronicle.");
  if (applied.length === known) return ok("migrations", found);
  return canCreate
    ? warn("migrations", found, 'The next start applies the others; "kronicle migrate" does it now.')
    : fail("migrations", found, "The login of DATABASE_URL has to own the database, so that it can apply the others.");
}

function judgeRoles({ applied, roles, can_create_roles: canCreate }: SchemaState): Check {
  const name = "database roles";
  const missing = roles.filter(({ exists }) => !exists).map((role) => role.name);
  const powerless = roles.filter(({ exists, has_rights }) => exists && !has_rights).map((role) => role.name);
  if (applied.length === 0) {
    if (missing.length === 0) return ok(name, "all are there already");
    const found = `not yet there: ${missing.join(", ")}`;
    return canCreate
      ? warn(name, found, "The first start makes them.")
      : fail(name, found, "The login of DATABASE_URL needs CREATEROLE, so that the first start can make them.");
  }
  if (missing.length > 0 || powerless.length > 0) {
    return fail(
      name,
      [
        ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
        ...(powerless.length > 0 ? [`without rights in this database: ${powerless.join(", ")}`] : []),
      ].join("; "),
      'Set KRONICLE_ROLE_PREFIX to what it was at the first start. If the roles are lost, "kronicle dump" and "restore" still move all channels to a new database.',
    );
  }
  return ok(name, roles.map((role) => role.name).join(", "));
}

function judgeFunctions({ unsafeFunctions }: SchemaState): Check {
  const name = "functions open to all";
  return unsafeFunctions.length === 0
    ? ok(name, "none but those that queries need")
    : warn(
        name,
        `everybody may execute ${listSome(unsafeFunctions)}`,
        "Let a superuser run migrations/000011-timescaledb-walls.sql on this database, and again after each update of TimescaleDB.",
      );
}

/** Of a hundred names the most dangerous are enough. */
const MAX_NAMES = 8;
const WORST = [/^merge_chunks$/, /^drop_chunk$/, /chunk/, /job/, /^lo_/, /./];

function listSome(names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return names.join(", ");
  const rank = (name: string) => WORST.findIndex((pattern) => pattern.test(name));
  const sorted = names.toSorted((one, other) => rank(one) - rank(other));
  return `${sorted.slice(0, MAX_NAMES).join(", ")} and ${names.length - MAX_NAMES} more`;
}

/** What is left should do until somebody looks again. */
const MAX_SHARE_OF_TABLES = 0.8;

function judgeTables({ tables }: SchemaState): Check {
  const name = "series tables";
  const found = `${tables} of ${MAX_SERIES_TABLES} that may be made`;
  return tables > MAX_SERIES_TABLES * MAX_SHARE_OF_TABLES
    ? warn(
        name,
        found,
        "Delete channels whose layout of columns nobody else has: tables that no channel uses go within some minutes.",
      )
    : ok(name, found);
}

function judgeChunks({ maxChunks, locks }: SchemaState): Check {
  const found = `a series table has ${maxChunks} at most, and there are ${locks} locks for all sessions`;
  return maxChunks * LOCKS_PER_CHUNK > locks * MAX_SHARE_OF_LOCKS
    ? warn("chunks", found, "Raise max_locks_per_transaction, or one statement over all rows may leave no locks to the others.")
    : ok("chunks", found);
}
