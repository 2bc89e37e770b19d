#!/usr/bin/env node
/** The command `kronicle` where this package is what brought it: its own words, and whatever the server's command knows if that is installed. */
import process from "node:process";
import type { Terminal } from "./commands/terminal.ts";
import { UsageError } from "./commands/usage-error.ts";
import { KronicleError } from "./errors/kronicle-error.ts";
import { OutdatedError } from "./typegen/outdated-error.ts";

type Command = {
  readonly usage: string;
  /** Returns the exit code. Loaded when it is used: none pays for what only another needs. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

const COMMANDS: Readonly<Record<string, Command>> = {
  import: {
    usage: `  kronicle import FILE --channel NAME|ID [--yes | --dry-run] [options]
      store a CSV file as rows; a channel that is missing is created. Shows columns and types, and asks, before anything is stored
      --channel NAME|ID    where to. The key is KRONICLE_WRITER_KEY in the environment
      --yes, --dry-run     do not ask; only show
      --time COLUMN        the time of a row; twice for a day and a time of day in columns of their own
      --zone ZONE          of times without an offset: Europe/Berlin, UTC, +01:00
      --time-format FORM   DD/MM/YYYY, MM/DD/YYYY, YMD, epoch-s, epoch-ms, epoch-us or epoch-ns, where the file does not tell
      --type COLUMN=TYPE   a type for a column; lines that do not fit are refused
      --omit COLUMN        leave a column out
      --null TEXT          a text that stands for no value
      --decimal-comma      1,234 is a fraction; with --decimal-point it is 1234
      --delimiter CHAR     what separates cells: ";" "," "|" tab
      --encoding NAME      utf-8, utf-16le, windows-1252, …
      --skip LINES         lines above the names of the columns
      --names NAME,…       names of the columns, where the file has none
      --density DENSITY    dense, normal or sparse, for a new channel
      --on-same-time WHAT  keep or ignore lines whose times the channel, or an earlier line, has
      --rejected FILE      where refused lines go; FILE.rejected.csv by default
      --url URL            the service; http://127.0.0.1:8000 by default
      The same again, within a day, stores nothing twice.
`,
    run: async (args, terminal) => (await import("./commands/import/import.ts")).importFile(args, terminal),
  },
  export: {
    usage: `  kronicle export CHANNEL [--from TIME] [--to TIME] [--format csv|ndjson] [--out FILE] [--url URL]
      write the rows of a channel, by its name or id, oldest first; to stdout by default. The key is KRONICLE_READER_KEY
`,
    run: async (args, terminal) => (await import("./commands/export/export.ts")).exportRows(args, terminal),
  },
  ls: {
    usage: `  kronicle ls [--tag KEY[:VALUE] …] [--json] [--url URL]
      list channels: name, id, rows, first and last time, tags. The key is KRONICLE_READER_KEY
`,
    run: async (args, terminal) => (await import("./commands/ls/ls.ts")).listChannels(args, terminal),
  },
  typegen: {
    usage: `  kronicle typegen [--url URL] [--channel ID …] [--name NAME …] [--tag KEY[:VALUE] …] [--out FILE [--check]] [--dates]
  kronicle typegen --from FILE [--out FILE [--check]] [--dates]
      write the definitions of channels, for defineChannel(): of those with an id, a name or all of the tags; without any, of all
      --url URL     the service; http://127.0.0.1:8000 by default. The key is KRONICLE_READER_KEY in the environment
      --from FILE   channels as JSON instead, as the service lists them or as it takes them
      --out FILE    where to; stdout by default
      --check       write nothing, and end with 1 when FILE is not what would be written
      --dates       times are read as Date, which has no microseconds
`,
    run: async (args, { env, stdout }) => {
      stdout.write(await (await import("./typegen/typegen.ts")).typegen(args, env));
      return 0;
    },
  },
};

const EXIT_CODES = `
Exit codes: 0 done; 1 lines were refused, or --check found a difference; 64 the command was not understood, or a file cannot be read; 69 the
service cannot be reached, or refuses.
`;
const USAGE = `Usage:\n${Object.values(COMMANDS)
  .map(({ usage }) => usage)
  .join("")}${EXIT_CODES}`;

const EXIT_OUTDATED = 1;
/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;
/** EX_UNAVAILABLE: the service cannot be reached, or refuses. */
const EXIT_UNAVAILABLE = 69;

/** But for the end of a line. */
const CONTROL = /[^\P{Cc}\n]/gu;

const SERVER_COMMAND = "@kronicle/server/cli";

await run(process.argv.slice(2));

async function run([name, ...args]: readonly string[]): Promise<void> {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return handOver(name);
  if (args.includes("--help") || args.includes("-h")) return void process.stdout.write(`Usage:\n${command.usage}${EXIT_CODES}`);
  try {
    process.exitCode = await command.run(args, process);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    // A message may quote a file or a name: none moves the cursor.
    process.stderr.write(`${(error instanceof Error ? error.message : String(error)).replaceAll(CONTROL, "�")}\n`);
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
