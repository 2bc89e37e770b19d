#!/usr/bin/env node
/** The command `kronicle`: by itself only what an older Node can load, so that it can say which one is needed. */
import process from "node:process";
import { CLIENT_COMMANDS } from "./commands/client-command-names.ts";
import { EXIT } from "./config/operator-error.ts";

const MIN_NODE = 24;

if (Number.parseInt(process.versions.node, 10) >= MIN_NODE) {
  await import("./commands/run.ts");
} else if (Object.hasOwn(CLIENT_COMMANDS, process.argv[2] ?? "")) {
  // The client's command has the same name, and does with less.
  await import(import.meta.resolve("@kronicle/client/cli"));
} else {
  process.stderr.write(
    `kronicle needs Node ${MIN_NODE} or newer; this is Node ${process.versions.node}. Only ${Object.keys(CLIENT_COMMANDS).join(", ")} do with less.\n`,
  );
  process.exitCode = EXIT.config;
}
