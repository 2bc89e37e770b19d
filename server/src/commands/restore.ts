/** In charge of `kronicle restore`. */
import type { Command } from "@commander-js/extra-typings";
import { readDumpFile } from "./dump/dump-file.ts";
import { readDump } from "./dump/read-dump.ts";
import { readLines } from "./dump/read-lines.ts";
import { restoreDump } from "./dump/restore-dump.ts";
import { readConfig } from "../config/config.ts";
import { EXIT, OperatorError } from "../config/operator-error.ts";
import { openMigrated } from "../db/open-migrated.ts";
import { reportDump, showProgress } from "./dump/progress.ts";

const MORE_HELP = `
The database needs no channels, and may be quite new: its schema is made first. Nothing can be seen of the dump until all of it is stored
and was read back and compared; then all of it can be seen at once. A dump that is broken or cut off leaves nothing to be seen.

Examples:
  KRONICLE_DATA_DIR=./new kronicle restore kronicle.ndjson.gz
  gunzip -c kronicle.ndjson.gz | DATABASE_URL=postgres://… kronicle restore -
`;

export function addRestore(program: Command): void {
  program
    .command("restore")
    .description("load a dump into a database that has no channels")
    .argument("<file>", "the dump, compressed if its name ends in .gz; - is stdin")
    .option("--json", "print what was loaded as JSON")
    .addHelpText("after", MORE_HELP)
    .action(async (file, options) => {
      const startedAt = performance.now();
      const config = readConfig(process.env);
      if (config.databaseUrl === null && config.dataDir === ":memory:") {
        throw new OperatorError(
          EXIT.config,
          "A database in memory would be gone with this command. Set KRONICLE_DATA_DIR to a directory.",
        );
      }
      // Before the database is opened: what is no dump makes none.
      const dump = await readDump(readLines(readDumpFile(file)));
      const { owner } = await openMigrated(config);
      const progress = showProgress("restore");
      try {
        const end = await restoreDump(owner.pool, dump, progress);
        progress.stop();
        reportDump({ verb: "Restored", startedAt, end }, options);
      } finally {
        progress.stop();
        await owner.close();
      }
    });
}
