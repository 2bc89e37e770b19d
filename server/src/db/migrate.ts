/** In charge of bringing a database to the schema of this version: `migrations/` in order, each once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type CommonQueryMethods, type DatabasePool, sql } from "slonik";
import { z } from "zod";
import { DATABASE_ROLES, type PerDatabaseRole } from "../config/database-role.ts";
import { SQLSTATE, sqlState } from "./sql-state.ts";
import { EXIT, OperatorError } from "../config/operator-error.ts";

/** The published package brings a copy; in the repository they stand beside the packages. */
const PACKED = new URL("../migrations/", import.meta.url);
const DIRECTORY = existsSync(PACKED) ? PACKED : new URL("../../../migrations/", import.meta.url);
const FILE_NAME = /^(\d{6})-[a-z0-9-]+\.sql$/;

/** Any number that nothing else locks. */
const LOCK = 5_607_342_811;

const nothing = z.object({});

/** The database has a schema that this version does not know. */
class MigrationError extends OperatorError {
  override name = "MigrationError";

  constructor(message: string, options?: ErrorOptions) {
    super(EXIT.config, message, options);
  }
}

/** Safe to run twice, and from many servers at once. Returns the names of what it has applied. */
export function migrate(owner: DatabasePool, roles: PerDatabaseRole<string>): Promise<string[]> {
  const files = readMigrations();
  return owner.connect(async (connection) => {
    await createRoles(connection, roles);
    await connection.query(sql.type(nothing)`select pg_advisory_lock(${LOCK})`);
    try {
      await connection.query(sql.type(nothing)`create schema if not exists kronicle`);
      await connection.query(sql.type(nothing)`
        create table if not exists kronicle.migration (
          id integer primary key,
          name text not null,
          applied_at timestamptz not null default now()
        )
      `);
      const applied = await connection.anyFirst(sql.type(z.object({ id: z.int() }))`select m.id from kronicle.migration m`);
      const newest = Math.max(0, ...applied);
      if (newest > files.length) {
        throw new MigrationError(
          `The database has migration ${newest}, this version knows ${files.length}. Start a newer version of Kronicle.`,
        );
      }
      const pending = files.filter(({ id }) => !applied.includes(id));
      for (const file of pending) await apply(connection, file, roles);
      return pending.map(({ name }) => name);
    } finally {
      await connection.query(sql.type(nothing)`select pg_advisory_unlock(${LOCK})`);
    }
  });
}

type MigrationFile = { readonly id: number; readonly name: string; readonly text: string };

/** Those of this version, in their order. */
export function readMigrations(): MigrationFile[] {
  const names = readdirSync(DIRECTORY)
    .filter((name) => FILE_NAME.test(name))
    .toSorted();
  return names.map((name, index) => {
    const id = Number(FILE_NAME.exec(name)?.[1]);
    if (id !== index + 1) throw new MigrationError(`Migration ${name} is out of order: number ${index + 1} is missing.`);
    return { id, name, text: readFileSync(new URL(name, DIRECTORY), "utf8") };
  });
}

async function apply(
  connection: CommonQueryMethods,
  { id, name, text }: MigrationFile,
  roles: PerDatabaseRole<string>,
): Promise<void> {
  const named = text.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, role) => {
    const known = DATABASE_ROLES.find((candidate) => candidate === role);
    if (!known) throw new MigrationError(`Migration ${name} has an unknown placeholder ${placeholder}.`);
    return `"${roles[known]}"`;
  });
  // The extended protocol takes one statement at a time; a DO block is one, and a transaction as well.
  const script = `do $run$ begin execute $migration$${named}$migration$; insert into kronicle.migration (id, name) values (${id}, '${name}'); end $run$`;
  await connection.query({ ...sql.type(nothing)`select`, sql: script });
}

/** What PostgreSQL says when two sessions make the same role. */
const CREATED_MEANWHILE: ReadonlySet<string> = new Set([
  SQLSTATE.uniqueViolation,
  SQLSTATE.duplicateObject,
  SQLSTATE.internalError,
]);

/** Other databases of the same cluster may be making roles at this moment, and PostgreSQL has no lock for that. */
async function createRoles(connection: CommonQueryMethods, roles: PerDatabaseRole<string>): Promise<void> {
  for (const role of Object.values(roles)) {
    for (let attempt = 1; ; attempt++) {
      try {
        await createRole(connection, role);
        break;
      } catch (error) {
        const isRace = CREATED_MEANWHILE.has(sqlState(error) ?? "");
        if (!isRace || attempt === 10) throw error;
        await sleep(20 * attempt);
      }
    }
  }
}

async function createRole(connection: CommonQueryMethods, role: string): Promise<void> {
  const exists = await connection.exists(sql.type(nothing)`select from pg_roles r where r.rolname = ${role}`);
  if (!exists) await connection.query(sql.type(nothing)`create role ${sql.identifier([role])} nologin`);
  const isMember = await connection.oneFirst(
    sql.type(z.object({ member: z.boolean() }))`select pg_has_role(current_user, ${role}, 'set') as member`,
  );
  if (!isMember) await connection.query(sql.type(nothing)`grant ${sql.identifier([role])} to current_user`);
}
