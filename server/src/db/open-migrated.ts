import type { Config } from "../config/config.ts";
import { assertPrimary } from "./assert-primary.ts";
import { migrate } from "./migrate.ts";
import { type Owner, openOwner } from "./open-owner.ts";
import { requireDurability } from "./durability.ts";

type Migrated = {
  readonly owner: Owner;
  /** Names of the migrations that were applied just now. */
  readonly applied: readonly string[];
};

/**
 * Opens a database as its owner, and brings it to the schema of this version.
 *
 * @throws ConfigError before anything is made in it, when it is a replica or would lose what was acknowledged.
 */
export async function openMigrated(config: Config): Promise<Migrated> {
  const owner = await openOwner(config);
  try {
    if (owner.kind === "native") {
      await assertPrimary(owner.pool, "DATABASE_URL");
      await requireDurability(owner.pool);
    }
    return { owner, applied: await migrate(owner.pool, owner.roles) };
  } catch (error) {
    await owner.close();
    throw error;
  }
}
