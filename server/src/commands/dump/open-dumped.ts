import type { Config } from "../../config/config.ts";
import { EXIT, OperatorError } from "../../config/operator-error.ts";
import { hasDatabase } from "../../db/embedded/directory.ts";
import { readMigrations } from "../../db/migrate.ts";
import { type Owner, openOwner } from "../../db/open-owner.ts";
import { selectMigrations } from "../../db/queries/selectMigrations.ts";

/**
 * Opens a database that is there, and leaves it as it is.
 *
 * @throws OperatorError when there is none, or one with the schema of another version.
 */
export async function openDumped(config: Config): Promise<Owner> {
  if (config.databaseUrl === null && !hasDatabase(config.dataDir)) {
    throw new OperatorError(
      EXIT.config,
      `There is no database in ${config.dataDir}. Set KRONICLE_DATA_DIR to the directory of one, or DATABASE_URL.`,
    );
  }
  const owner = await openOwner(config);
  try {
    const applied = await selectMigrations(owner.pool);
    const known = readMigrations().length;
    if (applied.length !== known) {
      throw new OperatorError(
        EXIT.config,
        `The database has ${applied.length} migrations, this version knows ${known}. ` +
          'Dump it with the version that uses it, or run "kronicle migrate" first.',
      );
    }
    return owner;
  } catch (error) {
    await owner.close();
    throw error;
  }
}
