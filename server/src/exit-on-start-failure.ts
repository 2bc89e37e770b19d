/** In charge of the last words of a process that cannot start: a sentence for what the operator can mend, the stack for the rest. */
import { ConfigError } from "./config.ts";
import { ContractError } from "./contract/contract.ts";
import { DirectoryError } from "./db/embedded/directory.ts";
import { MigrationError } from "./db/migrate.ts";
import { UnreachableError } from "./db/unreachable-error.ts";

/** EX_CONFIG of sysexits.h: starting again without a change is useless. */
const EXIT_CONFIG = 78;
/** EX_UNAVAILABLE: it may help to start again later. */
const EXIT_UNAVAILABLE = 69;

export function exitOnStartFailure(error: unknown): never {
  const code = exitCode(error);
  const text = error instanceof Error ? ((code === 1 ? error.stack : error.message) ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

function exitCode(error: unknown): number {
  if (error instanceof UnreachableError) return EXIT_UNAVAILABLE;
  return [ConfigError, ContractError, DirectoryError, MigrationError].some((kind) => error instanceof kind) ? EXIT_CONFIG : 1;
}
