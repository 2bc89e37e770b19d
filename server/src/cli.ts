#!/usr/bin/env node
/** The command `kronicle`: starts a server, and does for its operator what needs the database. */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import type { Command, Given } from "./commands/command.ts";
import { databaseCommands } from "./commands/db-logins.ts";
import { keyCommands } from "./commands/keys.ts";
import { start } from "./commands/start.ts";
import { userCommands } from "./commands/users.ts";
import { ConfigError } from "./config.ts";
import { exitOnStartFailure } from "./exit-on-start-failure.ts";

const COMMANDS: Readonly<Record<string, Command>> = { ...keyCommands, ...userCommands, ...databaseCommands };

const USAGE = `Usage:
  kronicle start
      start a server; the environment configures it
${Object.entries(COMMANDS)
  .map(([name, { usage, summary }]) => `  ${`kronicle ${name} ${usage}`.trim()}\n      ${summary}\n`)
  .join("")}  kronicle typegen --help
      write the definitions of channels for @kronicle/client

The database is DATABASE_URL, or the embedded one in KRONICLE_DATA_DIR. While a server uses the embedded one, that server is asked: set
KRONICLE_ADMIN_KEY to a key of the admin lane.
`;

try {
  await run(process.argv.slice(2));
} catch (error) {
  exitOnStartFailure(error);
}

async function run(words: string[]): Promise<void> {
  // The client's command has the same name, and it depends on the installation which of the two is found.
  if (words[0] === "typegen") return void (await import(import.meta.resolve("@kronicle/client/cli")));
  const command = Object.keys(COMMANDS).find((name) => `${words.slice(0, 2).join(" ")}` === name);
  const { options = {}, words: count = 0 } = command === undefined ? {} : (COMMANDS[command] ?? {});
  const { values, positionals } = readArguments(words, options);
  if (values["help"]) return void process.stdout.write(USAGE);
  if (positionals.join(" ") === "start") return start(process.env);
  const chosen = command === undefined ? undefined : COMMANDS[command];
  const args = positionals.slice(2);
  if (!chosen || args.length !== count) {
    const fault = positionals.length === 0 ? "A command is needed." : `There is no command "${positionals.join(" ")}".`;
    throw new ConfigError(`${fault}\n\n${USAGE}`);
  }
  process.stdout.write(`${await chosen.run({ env: process.env, args, ...readers(values) })}\n`);
}

function readArguments(args: string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { ...options, help: { type: "boolean", short: "h" } } });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}

function readers(values: Readonly<Record<string, unknown>>): Pick<Given, "one" | "all"> {
  const all = (option: string) => {
    const value = values[option];
    return value === undefined ? null : [value].flat().map(String);
  };
  return { all, one: (option) => all(option)?.at(-1) ?? null };
}
