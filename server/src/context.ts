/** In charge of what operations share: made once, handed to each of them, closed at the end. */
import { type Access, startAccess } from "./access/access.ts";
import { ensureFirstAdmin } from "./access/ensure-first-admin.ts";
import type { Config } from "./config.ts";
import type { Contract } from "./contract/contract.ts";
import { type Database, openDatabase } from "./db/database.ts";
import type { Logger } from "./logger.ts";
import { type AppendQueue, createAppendQueue } from "./operations/append-queue.ts";
import { type ChannelMemory, createChannelMemory } from "./operations/channel-memory.ts";

export type AppContext = {
  readonly config: Config;
  readonly log: Logger;
  readonly contract: Contract;
  readonly database: Database;
  readonly access: Access;
  /** Definitions for appends. */
  readonly channels: ChannelMemory;
  readonly appends: AppendQueue;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Set once the process is asked to stop: it answers what it has, and says that it is not ready for more. */
  isDraining: boolean;
};

export async function createContext(config: Config, contract: Contract, log: Logger): Promise<AppContext> {
  const database = await openDatabase(config);
  try {
    await ensureFirstAdmin(database.pools.auth, config.firstAdmin);
    return {
      config,
      log,
      contract,
      database,
      access: await startAccess(config, database, log),
      channels: createChannelMemory(database.pools.writer),
      appends: createAppendQueue(database.pools.writer),
      now: Date.now,
      isDraining: false,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
