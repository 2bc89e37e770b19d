/** In charge of the database: opened, migrated, and with a pool for each lane. */
import type { DatabasePool } from "slonik";
import type { Config } from "../config.ts";
import type { Observe } from "../observation/observation.ts";
import { createLanePool } from "./create-lane-pool.ts";
import { announceOwner } from "./embedded/directory.ts";
import { createEmbeddedDriver } from "./embedded/driver.ts";
import { startEngine } from "./embedded/engine.ts";
import { type Lane, laneRoles, type PerLane, perLane } from "./lane.ts";
import { migrate } from "./migrate.ts";
import { rolePrefixOf } from "./role-prefix.ts";
import { UnreachableError } from "./unreachable-error.ts";
import { withRole } from "./with-role.ts";

export type Database = {
  readonly kind: "embedded" | "native";
  readonly pools: PerLane<DatabasePool>;
  /** Most connections of each pool. */
  readonly sizes: PerLane<number>;
  readonly roles: PerLane<string>;
  /** Tells others on this machine where the server listens that has the database to itself. */
  readonly announce: (url: string) => void;
  readonly close: () => Promise<void>;
};

const STATEMENT_TIMEOUT_MS = 30_000;
const MIGRATION_TIMEOUT_MS = 600_000;
const EMBEDDED_ROLE_PREFIX = "kronicle";
/** Slonik asks for one; its driver goes another way. */
const EMBEDDED_URL = "postgres://embedded";

export function openDatabase(config: Config, observe: Observe): Promise<Database> {
  return config.databaseUrl === null ? openEmbedded(config, observe) : openNative(config, config.databaseUrl, observe);
}

async function openNative(config: Config, url: string, observe: Observe): Promise<Database> {
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
  const pools = await openPools((lane) =>
    createLanePool(laneUrl(config, url, lane, roles[lane]), {
      size: sizes[lane],
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      observed: { lane, observe, isTraced: config.tracing !== null },
    }),
  );
  return { kind: "native", roles, pools, sizes, announce: () => {}, close: () => endPools(pools) };
}

/** A login of the lane's own needs no role: it has one, and cannot take on another. */
function laneUrl({ laneUrls }: Config, ownerUrl: string, lane: Lane, role: string): string {
  const own = laneUrls[lane];
  return own === null ? withRole(ownerUrl, role) : withRole(own, null);
}

async function openEmbedded(config: Config, observe: Observe): Promise<Database> {
  const directory = config.dataDir === ":memory:" ? null : config.dataDir;
  const engine = await startEngine(directory);
  const roles = laneRoles(EMBEDDED_ROLE_PREFIX);
  const settings = (role: string | null, statementTimeoutMs: number) =>
    ({ size: 1, statementTimeoutMs, driverFactory: createEmbeddedDriver(engine, role) }) as const;
  const owner = await createLanePool(EMBEDDED_URL, settings(null, MIGRATION_TIMEOUT_MS));
  try {
    await migrate(owner, roles);
  } catch (error) {
    await owner.end();
    await engine.close();
    throw error;
  }
  await owner.end();

  const pools = await openPools((lane) =>
    createLanePool(EMBEDDED_URL, {
      ...settings(roles[lane], STATEMENT_TIMEOUT_MS),
      observed: { lane, observe, isTraced: config.tracing !== null },
    }),
  );
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

async function openPools(open: (lane: Lane) => Promise<DatabasePool>): Promise<PerLane<DatabasePool>> {
  const { reader, writer, admin, auth } = perLane(open);
  return { reader: await reader, writer: await writer, admin: await admin, auth: await auth };
}

async function endPools(pools: PerLane<DatabasePool>): Promise<void> {
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
}
