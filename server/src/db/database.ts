/** In charge of the database: opened, migrated, and with a pool for each lane. */
import type { DatabasePool } from "slonik";
import { type Config, ConfigError } from "../config.ts";
import type { Observe } from "../observation/observation.ts";
import { createLanePool } from "./create-lane-pool.ts";
import { announceOwner } from "./embedded/directory.ts";
import { createEmbeddedDriver } from "./embedded/driver.ts";
import { startEngine } from "./embedded/engine.ts";
import { type GatedPool, gatePool } from "./gated-pool.ts";
import { type Lane, laneRoles, type PerLane, perLane } from "./lane.ts";
import { migrate } from "./migrate.ts";
import { isReadOnly } from "./queries/isReadOnly.ts";
import { rolePrefixOf } from "./role-prefix.ts";
import { splitUrls } from "./split-urls.ts";
import { UnreachableError } from "./unreachable-error.ts";
import { withRole } from "./with-role.ts";

export type Database = {
  readonly kind: "embedded" | "native";
  readonly pools: PerLane<GatedPool>;
  /** Most connections of each pool. */
  readonly sizes: PerLane<number>;
  readonly roles: PerLane<string>;
  /** Tells others on this machine where the server listens that has the database to itself. */
  readonly announce: (url: string) => void;
  readonly close: () => Promise<void>;
};

const MIGRATION_TIMEOUT_MS = 600_000;
/** Who has waited so long for a connection is better off with an answer. The embedded database's one session serves all lanes in turn. */
const PATIENCE_MS = { native: 2_000, embedded: 10_000 };
const EMBEDDED_ROLE_PREFIX = "kronicle";
/** Slonik asks for one; its driver goes another way. */
const EMBEDDED_URL = "postgres://embedded";

export function openDatabase(config: Config, observe: Observe): Promise<Database> {
  return config.databaseUrl === null ? openEmbedded(config, observe) : openNative(config, config.databaseUrl, observe);
}

async function openNative(config: Config, url: string, observe: Observe): Promise<Database> {
  const prefix = config.rolePrefix ?? rolePrefixOf(url);
  const roles = laneRoles(prefix);
  const owner = await createLanePool(withRole(url, null), { size: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS });
  try {
    await assertPrimary(owner, "DATABASE_URL");
    await migrate(owner, roles);
  } finally {
    await owner.end();
  }
  const sizes: PerLane<number> = { reader: config.poolSize, writer: config.poolSize, admin: 4, auth: 2 };
  const statementTimeoutMs = config.statementTimeoutSeconds * 1_000;
  const pools = await openPools(async (lane) => {
    const size = sizes[lane];
    const observed = { lane, observe, isTraced: config.tracing !== null };
    const pool = await createLanePool(laneUrl(config, url, lane, roles[lane]), { size, statementTimeoutMs, observed });
    return gatePool(pool, { atOnce: size, mostWaiting: config.queueSize, patienceMs: PATIENCE_MS.native });
  });
  try {
    // Not the reader's, which may be a replica: that it is away, or has not yet seen what was just migrated, must not keep a server from starting.
    for (const lane of ["writer", "admin", "auth"] as const) {
      await assertPrimary(
        pools[lane],
        config.laneUrls[lane] === null ? "DATABASE_URL" : `KRONICLE_${lane.toUpperCase()}_DATABASE_URL`,
      );
    }
  } catch (error) {
    await endPools(pools);
    throw error;
  }
  return { kind: "native", roles, pools, sizes, announce: () => {}, close: () => endPools(pools) };
}

async function assertPrimary(pool: DatabasePool, setting: string): Promise<void> {
  const readOnly = await isReadOnly(pool).catch((error: unknown) => {
    throw new UnreachableError(setting, error);
  });
  if (!readOnly) return;
  throw new ConfigError(
    `The database of ${setting} is a replica, which takes no writes. Name its primary; reads can go to replicas by KRONICLE_READER_DATABASE_URL.`,
  );
}

/** A login of the lane's own needs no role: it has one, and cannot take on another. */
function laneUrl({ laneUrls }: Config, ownerUrl: string, lane: Lane, role: string): string {
  const own = laneUrls[lane];
  if (own === null) return withRole(ownerUrl, role);
  return splitUrls(own)
    .map((url) => withRole(url, null))
    .join(",");
}

async function openEmbedded(config: Config, observe: Observe): Promise<Database> {
  const directory = config.dataDir === ":memory:" ? null : config.dataDir;
  const engine = await startEngine(directory);
  const roles = laneRoles(EMBEDDED_ROLE_PREFIX);
  // The embedded driver takes no notice of the time limit.
  const settings = (role: string | null) =>
    ({ size: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS, driverFactory: createEmbeddedDriver(engine, role) }) as const;
  const owner = await createLanePool(EMBEDDED_URL, settings(null));
  try {
    await migrate(owner, roles);
  } catch (error) {
    await owner.end();
    await engine.close();
    throw error;
  }
  await owner.end();

  const pools = await openPools(async (lane) => {
    const observed = { lane, observe, isTraced: config.tracing !== null };
    const pool = await createLanePool(EMBEDDED_URL, { ...settings(roles[lane]), observed });
    return gatePool(pool, { atOnce: 1, mostWaiting: config.queueSize, patienceMs: PATIENCE_MS.embedded });
  });
  return {
    kind: "embedded",
    roles,
    pools,
    sizes: perLane(() => 1),
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
