/** In charge of the last words of a process that cannot start, or do what it was asked for: a sentence for what the operator can mend, the stack for the rest. */
import { DumpError } from "./dump/dump-error.ts";
import { FileError } from "./dump/file-error.ts";
import { ConfigError } from "../config/config.ts";
import { ContractError } from "../contract/contract.ts";
import { DirectoryError } from "../db/embedded/directory.ts";
import { MigrationError } from "../db/migrate.ts";
import { UnreachableError } from "../db/unreachable-error.ts";

/** EX_CONFIG of sysexits.h: starting again without a change is useless. */
const EXIT_CONFIG = 78;
/** EX_UNAVAILABLE: it may help to start again later. */
const EXIT_UNAVAILABLE = 69;
/** EX_DATAERR, EX_NOINPUT and EX_CANTCREAT: what was to be read is broken or not there, what was to be written cannot be. */
const EXIT_DATA = 65;
const EXIT_NO_INPUT = 66;
const EXIT_CANNOT_CREATE = 73;

export function exitOnStartFailure(error: unknown): never {
  const code = exitCode(error);
  const text = error instanceof Error ? ((code === 1 ? error.stack : error.message) ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

function exitCode(error: unknown): number {
  if (error instanceof UnreachableError) return EXIT_UNAVAILABLE;
  if (error instanceof DumpError) return EXIT_DATA;
  if (error instanceof FileError) return error.use === "read" ? EXIT_NO_INPUT : EXIT_CANNOT_CREATE;
  return [ConfigError, ContractError, DirectoryError, MigrationError].some((kind) => error instanceof kind) ? EXIT_CONFIG : 1;
}
