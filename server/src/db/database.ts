/** In charge of the database: opened, migrated, and with a pool for each lane. */
import type { Config } from "../config.ts";
import { createLanePool } from "./create-lane-pool.ts";
import { announceOwner } from "./embedded/directory.ts";
import { createEmbeddedDriver } from "./embedded/driver.ts";
import { startEngine } from "./embedded/engine.ts";
import { type GatedPool, gatePool } from "./gated-pool.ts";
import { type Lane, laneRoles, type PerLane, perLane } from "./lane.ts";
import { migrate } from "./migrate.ts";
import { rolePrefixOf } from "./role-prefix.ts";
import { UnreachableError } from "./unreachable-error.ts";
import { withRole } from "./with-role.ts";

export type Database = {
  readonly kind: "embedded" | "native";
  readonly pools: PerLane<GatedPool>;
  readonly roles: PerLane<string>;
  /** Tells others on this machine where the server listens that has the database to itself. */
  readonly announce: (url: string) => void;
  readonly close: () => Promise<void>;
};

const STATEMENT_TIMEOUT_MS = 30_000;
const MIGRATION_TIMEOUT_MS = 600_000;
/** Who has waited so long for a connection is better off with an answer. The embedded database's one session serves all lanes in turn. */
const PATIENCE_MS = { native: 2_000, embedded: 10_000 };
const EMBEDDED_ROLE_PREFIX = "kronicle";

export function openDatabase(config: Config): Promise<Database> {
  return config.databaseUrl === null ? openEmbedded(config) : openNative(config, config.databaseUrl);
}

async function openNative(config: Config, url: string): Promise<Database> {
  const prefix = config.rolePrefix ?? rolePrefixOf(url);
  const roles = laneRoles(prefix);
  // Slonik looks up the types of the database when it makes a pool, so this is the first connection.
  const owner = await createLanePool(withRole(url, null), { size: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS }).catch(
    (error: unknown) => {
      throw new UnreachableError(error);
    },
  );
  try {
    await migrate(owner, roles);
  } finally {
    await owner.end();
  }
  const sizes: PerLane<number> = { reader: config.poolSize, writer: config.poolSize, admin: 4, auth: 2 };
  const pools = await openPools(async (lane) => {
    const size = sizes[lane];
    const pool = await createLanePool(laneUrl(config, url, lane, roles[lane]), {
      size,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    });
    return gatePool(pool, { atOnce: size, mostWaiting: config.queueSize, patienceMs: PATIENCE_MS.native });
  });
  return { kind: "native", roles, pools, announce: () => {}, close: () => endPools(pools) };
}

/** A login of the lane's own needs no role: it has one, and cannot take on another. */
function laneUrl({ laneUrls }: Config, ownerUrl: string, lane: Lane, role: string): string {
  const own = laneUrls[lane];
  return own === null ? withRole(ownerUrl, role) : withRole(own, null);
}

async function openEmbedded(config: Config): Promise<Database> {
  const directory = config.dataDir === ":memory:" ? null : config.dataDir;
  const engine = await startEngine(directory);
  const roles = laneRoles(EMBEDDED_ROLE_PREFIX);
  const open = (role: string | null, statementTimeoutMs: number) =>
    createLanePool("postgres://embedded", { size: 1, statementTimeoutMs, driverFactory: createEmbeddedDriver(engine, role) });

  const owner = await open(null, MIGRATION_TIMEOUT_MS);
  try {
    await migrate(owner, roles);
  } catch (error) {
    await owner.end();
    await engine.close();
    throw error;
  }
  await owner.end();

  const limits = { atOnce: 1, mostWaiting: config.queueSize, patienceMs: PATIENCE_MS.embedded };
  const pools = await openPools(async (lane) => gatePool(await open(roles[lane], STATEMENT_TIMEOUT_MS), limits));
  return {
    kind: "embedded",
    roles,
    pools,
    announce: (url) => {
      if (directory !== null) announceOwner(directory, { pid: process.pid, url });
    },
    close: async () => {
      await endPools(pools);
      await engine.close();
    },
  };
}

async function openPools(open: (lane: Lane) => Promise<GatedPool>): Promise<PerLane<GatedPool>> {
  const { reader, writer, admin, auth } = perLane(open);
  return { reader: await reader, writer: await writer, admin: await admin, auth: await auth };
}

async function endPools(pools: PerLane<GatedPool>): Promise<void> {
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
}
