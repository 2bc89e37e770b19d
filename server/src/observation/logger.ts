/** In charge of the log: structured lines on stderr. Stdout is kept for what people are meant to read. */
import { destination, type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import type { Config } from "../config/config.ts";

export type { Logger };

/** Lines that wait for whoever reads stderr. Some 15,000 requests. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

let dropped = 0;

/** How many lines this process has dropped, because nobody read them. */
export function droppedLines(): number {
  return dropped;
}

/** @param lines is where they go: stderr by default. */
export function createLogger(config: Pick<Config, "logLevel">, lines?: DestinationStream): Logger {
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return lines ? pino(options, lines) : logToStderr(options);
}

/**
 * A pipe holds 64 KiB. When its reader stalls, a line that is waited for keeps the process from everything else: 240 requests after that, health
 * checks were not answered either. So lines wait in memory, few of them; what does not fit is dropped, and said as soon as lines flow again. What
 * waits is written at the end of the process.
 */
function logToStderr(options: LoggerOptions): Logger {
  const stderr = destination({ fd: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  const log = pino(options, stderr);
  let unsaid = 0;
  stderr.on("drop", () => {
    dropped += 1;
    unsaid += 1;
  });
  stderr.on("drain", () => {
    if (unsaid === 0) return;
    const count = unsaid;
    unsaid = 0;
    log.warn({ count }, "lines of the log were dropped: whoever reads stderr was too slow");
  });
  return log;
}

/** What errors of the database and of the system name, and none of it is data. */
const NAMES = ["code", "table", "constraint"];

/** Errors of the database carry statements and values, which may be anybody's data: only what leads to the cause is kept. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const known = NAMES.map((name): [string, unknown] => [name, Reflect.get(error, name)]);
  return {
    type: error.name,
    message: error.message,
    ...Object.fromEntries(known.filter(([, value]) => typeof value === "string")),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
