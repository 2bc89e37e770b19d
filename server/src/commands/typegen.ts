/** In charge of `kronicle typegen`, which is the client's: its command has the same name, and it depends on the installation which is found. */
import type { Command } from "@commander-js/extra-typings";

export function addTypegen(program: Command): void {
  program
    .command("typegen")
    .description("write the definitions of channels for @kronicle/client")
    // Both are for the client's command, which reads them itself.
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      await import(import.meta.resolve("@kronicle/client/cli"));
    });
}
