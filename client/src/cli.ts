#!/usr/bin/env node
/** The command `kronicle` where this package is what brought it: `typegen`, and whatever the server's command knows if that is installed. */
import process from "node:process";
import { KronicleError } from "./errors/kronicle-error.ts";
import { OutdatedError } from "./typegen/outdated-error.ts";
import { typegen } from "./typegen/typegen.ts";
import { UsageError } from "./typegen/usage-error.ts";

const USAGE = `Usage:
  kronicle typegen [--url URL] [--channel ID …] [--name NAME …] [--tag KEY[:VALUE] …] [--out FILE [--check]] [--dates]
  kronicle typegen --from FILE [--out FILE [--check]] [--dates]
      write the definitions of channels, for defineChannel(): of those with an id, a name or all of the tags; without any, of all
      --url URL     the service; http://127.0.0.1:8000 by default. The key is KRONICLE_READER_KEY in the environment
      --from FILE   channels as JSON instead, as the service lists them or as it takes them
      --out FILE    where to; stdout by default
      --check       write nothing, and end with 1 when FILE is not what would be written
      --dates       times are read as Date, which has no microseconds

Exit codes: 0 done; 1 --check found a difference; 64 the command was not understood, or a file cannot be read; 69 the service cannot be
reached, or refuses.
`;

const EXIT_OUTDATED = 1;
/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;
/** EX_UNAVAILABLE: the service cannot be reached, or refuses. */
const EXIT_UNAVAILABLE = 69;

const SERVER_COMMAND = "@kronicle/server/cli";

await run(process.argv.slice(2));

async function run([command, ...args]: readonly string[]): Promise<void> {
  if (command !== "typegen") return handOver(command);
  if (args.includes("--help") || args.includes("-h")) return void process.stdout.write(USAGE);
  try {
    process.stdout.write(await typegen(args, process.env));
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** @throws what is neither ours to explain nor the caller's to mend: it keeps its stack. */
function exitCodeOf(error: unknown): number {
  if (error instanceof OutdatedError) return EXIT_OUTDATED;
  // The client throws a TypeError for what it is handed: a URL, an id, a key.
  if (error instanceof UsageError || error instanceof TypeError) return EXIT_USAGE;
  if (error instanceof KronicleError) return EXIT_UNAVAILABLE;
  throw error;
}

/** Both packages have a command of this name, and it depends on the installation which of them is found. */
async function handOver(command: string | undefined): Promise<void> {
  const address = resolveServer();
  if (address !== null) return void (await import(address));
  const isHelp = command === undefined || command === "--help" || command === "-h";
  const fault = `There is no command "${command}". For those of the server: npm install @kronicle/server\n\n`;
  process.stderr.write(isHelp ? "" : fault);
  (isHelp ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = isHelp ? 0 : EXIT_USAGE;
}

function resolveServer(): string | null {
  try {
    return import.meta.resolve(SERVER_COMMAND);
  } catch {
    return null;
  }
}
