/** In charge of what the client's command knows: it has the same name, and it depends on the installation which of them is found. */
import type { Command } from "@commander-js/extra-typings";
import { CLIENT_COMMANDS } from "./client-command-names.ts";

export function addClientCommands(program: Command): void {
  for (const [name, description] of Object.entries(CLIENT_COMMANDS)) {
    program
      .command(name)
      .description(description)
      // All of these are for the client's command, which reads them itself.
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async () => {
        await import(import.meta.resolve("@kronicle/client/cli"));
      });
  }
}
