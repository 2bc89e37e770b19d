/**
 * In charge of the database as its owner sees it: for migrations, and for what an operator does to the whole of it. No database role could do that,
 * and none should.
 */
import type { DatabasePool } from "slonik";
import type { Config } from "../config/config.ts";
import { createRolePool } from "./pool/create-role-pool.ts";
import { createEmbeddedDriver } from "./embedded/driver.ts";
import { type EmbeddedEngine, startEngine } from "./embedded/engine.ts";
import { databaseRoleNames, type PerDatabaseRole, rolePrefixOf } from "../config/database-role.ts";
import { UnreachableError } from "./errors.ts";
import { withRole } from "./role-url.ts";

export type Owner = {
  readonly kind: "embedded" | "native";
  readonly roles: PerDatabaseRole<string>;
  readonly pool: DatabasePool;
  /** Null for a server of its own. */
  readonly engine: EmbeddedEngine | null;
  readonly close: () => Promise<void>;
};

/** Slonik asks for one; its driver goes another way. */
export const EMBEDDED_URL = "postgres://embedded";

const MIGRATION_TIMEOUT_MS = 600_000;
const EMBEDDED_ROLE_PREFIX = "kronicle";
/** One that holds a snapshot, and one that reads by it. */
const NATIVE_CONNECTIONS = 2;

/** @throws UnreachableError, DirectoryError */
export function openOwner({ databaseUrl, dataDir, rolePrefix }: Config): Promise<Owner> {
  return databaseUrl === null ? openEmbedded(dataDir) : openNative(databaseUrl, rolePrefix);
}

async function openNative(url: string, rolePrefix: string | null): Promise<Owner> {
  const roles = databaseRoleNames(rolePrefix ?? rolePrefixOf(url));
  const pool = await createRolePool(withRole(url, null), {
    size: NATIVE_CONNECTIONS,
    statementTimeoutMs: MIGRATION_TIMEOUT_MS,
  });
  try {
    await pool.connect(async () => {});
  } catch (error) {
    await pool.end();
    throw new UnreachableError("DATABASE_URL", error);
  }
  return { kind: "native", roles, pool, engine: null, close: () => pool.end() };
}

async function openEmbedded(dataDir: string): Promise<Owner> {
  const engine = await startEngine(dataDir === ":memory:" ? null : dataDir);
  const pool = await createRolePool(EMBEDDED_URL, {
    size: 1,
    statementTimeoutMs: MIGRATION_TIMEOUT_MS,
    driverFactory: createEmbeddedDriver(engine, null, MIGRATION_TIMEOUT_MS),
  });
  const close = async () => {
    await pool.end();
    await engine.close();
  };
  return { kind: "embedded", roles: databaseRoleNames(EMBEDDED_ROLE_PREFIX), pool, engine, close };
}
