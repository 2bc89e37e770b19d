/** In charge of what operations share: made once, handed to each of them, closed at the end. */
import { type Access, startAccess } from "./access/access.ts";
import { ensureFirstAdmin } from "./identity/users/ensure-first-admin.ts";
import type { Config } from "./config/config.ts";
import type { Contract } from "./contract/contract.ts";
import { type Database, openDatabase } from "./db/database.ts";
import type { Logger } from "./observation/logger.ts";
import { measurePools } from "./observation/measure-pools.ts";
import { createMetrics, type Metrics } from "./observation/metrics.ts";
import type { Observe } from "./observation/observation.ts";
import { writeLog } from "./observation/write-log.ts";
import { type GroupCommit, createGroupCommit } from "./rows/append/group-commit.ts";
import { type ChannelCache, createChannelCache } from "./channels/channel-cache.ts";

export type AppContext = {
  readonly config: Config;
  /** Where events go: into the log and the metrics. */
  readonly observe: Observe;
  readonly metrics: Metrics;
  readonly contract: Contract;
  readonly database: Database;
  readonly access: Access;
  /** Definitions for appends. */
  readonly channels: ChannelCache;
  readonly appends: GroupCommit;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Set once the process is asked to stop: it answers what it has, and says that it is not ready for more. */
  isDraining: boolean;
};

export async function createContext(config: Config, contract: Contract, logger: Logger): Promise<AppContext> {
  const metrics = createMetrics(contract.version);
  const log = writeLog(logger);
  const observe: Observe = (observation) => {
    log(observation);
    metrics.observe(observation);
  };
  const database = await openDatabase(config, observe);
  measurePools(database, metrics.registry);
  try {
    await ensureFirstAdmin(database.pools.auth, config.firstAdmin);
    return {
      config,
      observe,
      metrics,
      contract,
      database,
      access: await startAccess(config, database, observe),
      channels: createChannelCache(database.pools.writer),
      appends: createGroupCommit(database.pools.writer, observe),
      now: Date.now,
      isDraining: false,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
