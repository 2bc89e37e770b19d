import type { Command } from "@commander-js/extra-typings";
export function addDoctor(program: Command): void {
  program.command("doctor").action(() => {});
}
