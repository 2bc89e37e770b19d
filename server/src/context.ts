/** In charge of what operations share: made once, handed to each of them, and closed in one go at the end. */
import { startAccess } from "./access/access.ts";
import { createChannelCache } from "./channels/channel-cache.ts";
import type { Config } from "./config/config.ts";
import type { Contract } from "./contract/contract.ts";
import { openDatabase } from "./db/database.ts";
import { ensureFirstAdmin } from "./identity/users/ensure-first-admin.ts";
import type { Logger } from "./observation/logger.ts";
import { measureLog } from "./observation/measure-log.ts";
import { measurePools } from "./observation/measure-pools.ts";
import { measureStorage } from "./observation/measure-storage.ts";
import { createMetrics } from "./observation/metrics.ts";
import type { Observe } from "./observation/observation.ts";
import { writeLog } from "./observation/write-log.ts";
import { createChunkBudget } from "./rows/append/chunk-budget.ts";
import { type AppendContext, createGroupCommit } from "./rows/append/group-commit.ts";
import { createTurns } from "./rows/append/turns.ts";

/** All that any operation needs. Its end closes whatever its making has opened. */
export type AppContext = AppendContext & AsyncDisposable;

type Settings = {
  readonly config: Config;
  readonly contract: Contract;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
};

export async function createContext({ config, contract, logger, stopping }: Settings): Promise<AppContext> {
  // What was opened until then is closed when something fails half-way.
  await using opened = new AsyncDisposableStack();
  const metrics = createMetrics(contract.version);
  const log = writeLog(logger);
  const observe: Observe = (observation) => {
    log(observation);
    metrics.observe(observation);
  };
  const database = opened.adopt(await openDatabase(config, observe), ({ close }) => close());
  measurePools(database, metrics.registry);
  measureStorage(database, metrics.registry);
  measureLog(metrics.registry);
  await ensureFirstAdmin(database.pools.auth, config.firstAdmin);
  const access = await startAccess(config, database, observe);
  opened.use(access.signingKeys);

  const whole = opened.move();
  return {
    config,
    observe,
    metrics,
    contract,
    database,
    access,
    channelCache: createChannelCache(database.pools.writer),
    chunkBudget: createChunkBudget(config.maxNewChunks),
    takeTurn: createTurns(),
    groupCommit: createGroupCommit(database.pools.writer, observe),
    now: Date.now,
    stopping,
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  };
}
