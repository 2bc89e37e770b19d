/** In charge of the log: structured lines on stderr. Stdout is kept for what people are meant to read. */
import { destination, type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../config/config.ts";

export type { Logger };

/** @param lines is where they go: stderr by default. */
export function createLogger(
  config: Pick<Config, "logLevel">,
  lines: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: describeError },
      formatters: { level: (label) => ({ level: label }) },
    },
    lines,
  );
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
