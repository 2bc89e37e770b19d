/** In charge of the database: opened, migrated, and with a pool for each database role. */
import type { Config } from "../config/config.ts";
import type { ObserveStatement } from "./pool/observe-statements.ts";
import { assertPrimary } from "./assert-primary.ts";
import { createRolePool, poolSizes } from "./pool/create-role-pool.ts";
import { announceOwner, findDirectoryFault } from "./embedded/directory.ts";
import { createEmbeddedDriver } from "./embedded/driver.ts";
import type { EmbeddedEngine } from "./embedded/engine.ts";
import { type GatedPool, gatePool } from "./pool/gated-pool.ts";
import { roleUrl } from "./role-url.ts";
import { type DatabaseRole, type PerDatabaseRole, perDatabaseRole } from "../config/database-role.ts";
import { openMigrated } from "./open-migrated.ts";
import { EMBEDDED_URL } from "./open-owner.ts";
import { requireDurability } from "./durability.ts";

export type Database = {
  readonly kind: "embedded" | "native";
  readonly pools: PerDatabaseRole<GatedPool>;
  /** Most connections of each pool. */
  readonly sizes: PerDatabaseRole<number>;
  readonly roles: PerDatabaseRole<string>;
  /** What keeps it from storing anything although it answers, in words for the operator; null if there is nothing of the kind. */
  readonly findFault: () => string | null;
  /** Tells others on this machine where the server listens that has the database to itself. */
  readonly announce: (url: string) => void;
  readonly close: () => Promise<void>;
};

/** A request that has waited so long for a connection is better off with an answer. The one session of the embedded database serves all roles in turn. */
const ACQUIRE_TIMEOUT_MS = { native: 2_000, embedded: 10_000 };

export async function openDatabase(config: Config, observe: ObserveStatement): Promise<Database> {
  const { owner } = await openMigrated(config);
  await owner.pool.end();
  return owner.engine === null
    ? openNative(config, owner.roles, observe)
    : openEmbedded(config, owner.roles, owner.engine, observe);
}

async function openNative(config: Config, roles: PerDatabaseRole<string>, observe: ObserveStatement): Promise<Database> {
  const sizes = poolSizes(config);
  const statementTimeoutMs = config.statementTimeoutSeconds * 1_000;
  const pools = await openPools(async (role) => {
    const size = sizes[role];
    const observed = { role, observe, isTraced: config.tracing !== null };
    const pool = await createRolePool(roleUrl(config, role, roles[role]), { size, statementTimeoutMs, observed });
    return gatePool(pool, { maxConcurrent: size, maxWaiting: config.queueSize, acquireTimeoutMs: ACQUIRE_TIMEOUT_MS.native });
  });
  try {
    // Not the reader's, which may be a replica: that it is away, or has not yet seen what was just migrated, must not keep a server from
    // starting, and it stores nothing.
    for (const role of ["writer", "admin", "auth"] as const) {
      await assertPrimary(
        pools[role],
        config.roleUrls[role] === null ? "DATABASE_URL" : `KRONICLE_${role.toUpperCase()}_DATABASE_URL`,
      );
      // A login may have settings of its own.
      await requireDurability(pools[role]);
    }
  } catch (error) {
    await endPools(pools);
    throw error;
  }
  return { kind: "native", roles, pools, sizes, findFault: () => null, announce: () => {}, close: () => endPools(pools) };
}

async function openEmbedded(
  config: Config,
  roles: PerDatabaseRole<string>,
  engine: EmbeddedEngine,
  observe: ObserveStatement,
): Promise<Database> {
  const pools = await openPools(async (role) => {
    const pool = await createRolePool(EMBEDDED_URL, {
      size: 1,
      statementTimeoutMs: config.statementTimeoutSeconds * 1_000,
      driverFactory: createEmbeddedDriver(engine, roles[role], ACQUIRE_TIMEOUT_MS.embedded),
      observed: { role, observe, isTraced: config.tracing !== null },
    });
    return gatePool(pool, { maxConcurrent: 1, maxWaiting: config.queueSize, acquireTimeoutMs: ACQUIRE_TIMEOUT_MS.embedded });
  });
  return {
    kind: "embedded",
    roles,
    pools,
    sizes: perDatabaseRole(() => 1),
    findFault: () => (config.dataDir === ":memory:" ? null : findDirectoryFault(config.dataDir)),
    announce: (url) => {
      if (config.dataDir !== ":memory:") announceOwner(config.dataDir, { pid: process.pid, url });
    },
    close: async () => {
      await endPools(pools);
      await engine.close();
    },
  };
}

async function openPools(open: (role: DatabaseRole) => Promise<GatedPool>): Promise<PerDatabaseRole<GatedPool>> {
  const { reader, writer, admin, auth } = perDatabaseRole(open);
  return { reader: await reader, writer: await writer, admin: await admin, auth: await auth };
}

async function endPools(pools: PerDatabaseRole<GatedPool>): Promise<void> {
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
}
