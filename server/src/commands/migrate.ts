/** In charge of `kronicle migrate`: the schema of this version, before any server of it starts. */
import type { Command } from "@commander-js/extra-typings";
import { readConfig } from "../config/config.ts";
import { openMigrated } from "../db/open-migrated.ts";
import { print } from "./output.ts";

export function addMigrate(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to the schema of this version, as every start does")
    .option("--json", "print what was applied as JSON")
    .action(async (options) => {
      const { owner, applied } = await openMigrated(readConfig(process.env));
      await owner.close();
      const text = applied.length === 0 ? "The database is up to date." : applied.map((name) => `Applied ${name}.`).join("\n");
      print({ applied }, text, options);
    });
}
