/** Starts a server, and does for its operator what needs the database: the command line, as it was typed. */
import { CommanderError } from "@commander-js/extra-typings";
import { EXIT } from "../config/operator-error.ts";
import { exitOnStartFailure } from "./exit-on-start-failure.ts";
import { createProgram } from "./program.ts";

try {
  await createProgram().parseAsync();
} catch (error) {
  // It has been said already, and so has help that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else exitOnStartFailure(error);
}
