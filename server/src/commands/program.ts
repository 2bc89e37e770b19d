/** In charge of the command line as a whole: its commands, its help, and how it refuses. */
import { Command } from "@commander-js/extra-typings";
import { SERVER_VERSION } from "../config/version.ts";
import { addClientCommands } from "./client-commands.ts";
import { addDb } from "./db.ts";
import { addDoctor } from "./doctor.ts";
import { addDump } from "./dump.ts";
import { addKeys } from "./keys.ts";
import { addMigrate } from "./migrate.ts";
import { addRestore } from "./restore.ts";
import { addStart } from "./start.ts";
import { addUsers } from "./users.ts";

const MORE_HELP = `
The environment configures every command as it configures the server. The database is DATABASE_URL, or the embedded one in
KRONICLE_DATA_DIR. While a server uses the embedded one, "keys" and "users" ask that server: set KRONICLE_ADMIN_KEY to a key of the admin
lane.

Exit codes:
  0   done
  1   a check of "doctor" failed, or the program itself did: then it prints where
  64  the command was not understood
  65  a dump is broken, or the database does not match its own counters
  66  a file cannot be read
  69  the database cannot be reached; it may help to try again later
  73  a file cannot be written
  78  the configuration or the database does not allow it; the message says what to change
`;

export function createProgram(): Command {
  const program = new Command("kronicle")
    .description("The server of Kronicle, and what its operator needs.")
    .version(SERVER_VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .helpCommand("help [command]", "explain a command")
    .showHelpAfterError("Add --help to see what there is.")
    .exitOverride()
    .addHelpText("after", MORE_HELP);
  for (const add of [addStart, addMigrate, addDoctor, addKeys, addUsers, addDb, addDump, addRestore, addClientCommands])
    add(program);
  return program;
}
