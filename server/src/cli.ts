#!/usr/bin/env node
/** The command `kronicle`: starts a server, and does for its operator what needs the database. */
import { CommanderError } from "@commander-js/extra-typings";
import { createProgram } from "./commands/program.ts";
import { EXIT } from "./config/operator-error.ts";
import { exitOnStartFailure } from "./commands/exit-on-start-failure.ts";

try {
  await createProgram().parseAsync();
} catch (error) {
  // It has been said already, and so has help that was asked for.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else exitOnStartFailure(error);
}
