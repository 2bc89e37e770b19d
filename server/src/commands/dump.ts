/** In charge of `kronicle dump`. */
import type { Command } from "@commander-js/extra-typings";
import { dumpDatabase } from "./dump/dump-database.ts";
import { writeDumpFile } from "./dump/dump-file.ts";
import type { DumpEnd } from "./dump/dump-lines.ts";
import { openDumped } from "./dump/open-dumped.ts";
import { readConfig } from "../config/config.ts";
import { withSnapshot } from "../db/pool/with-snapshot.ts";
import { reportDump, showProgress } from "./dump/progress.ts";

const MORE_HELP = `
A dump has every channel and every row as they are at one moment, and no keys, users or audit trail. A server of your own may go on working
meanwhile; the embedded database belongs to one process, so stop its server first.

Examples:
  kronicle dump kronicle.ndjson.gz
  DATABASE_URL=postgres://… kronicle dump - | ssh backup 'cat > kronicle.ndjson'
`;

export function addDump(program: Command): void {
  program
    .command("dump")
    .description("write all channels and rows to a file")
    .argument("<file>", "a new file, compressed if its name ends in .gz; - is stdout")
    .option("--json", "print what was written as JSON; not together with -")
    .addHelpText("after", MORE_HELP)
    .action(async (file, options, command) => {
      if (file === "-" && options.json) command.error("error: with - the dump itself is what stdout gets; leave --json out");
      const startedAt = performance.now();
      const owner = await openDumped(readConfig(process.env));
      const progress = showProgress("dump");
      try {
        const end = await withSnapshot(owner, async (snapshot) => {
          const written = Promise.withResolvers<DumpEnd>();
          const text = async function* () {
            written.resolve(yield* dumpDatabase(snapshot, progress));
          };
          await writeDumpFile(file, text());
          return written.promise;
        });
        progress.stop();
        reportDump({ verb: "Dumped", startedAt, end }, options);
      } finally {
        progress.stop();
        await owner.close();
      }
    });
}
