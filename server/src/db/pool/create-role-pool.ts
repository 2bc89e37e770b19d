/** In charge of how Slonik is set up, the same for both databases. */
import { createPool, type DatabasePool, type DriverFactory, type Interceptor, SchemaValidationError } from "slonik";
import { z } from "zod";
import type { DatabaseRole, PerDatabaseRole } from "../../config/database-role.ts";
import { nativeDriver } from "../native/driver.ts";
import { type ObserveStatement, observeStatements } from "./observe-statements.ts";
import type { Config } from "../../config/config.ts";

type PoolOptions = {
  readonly size: number;
  readonly statementTimeoutMs: number;
  /** Left out: a real server over TCP. */
  readonly driverFactory?: DriverFactory;
  /** Left out: statements are not observed, as at the start. */
  readonly observed?: Observed;
};

type Observed = { readonly role: DatabaseRole; readonly observe: ObserveStatement; readonly isTraced: boolean };

/** Slonik gives rows the types of their schema, and does not look. */
const resultParser: Interceptor = {
  name: "result-parser",
  transformRow: ({ resultParser: schema }, query, row) => {
    if (!schema) return row;
    // By Zod's own way: by that of the standard, a transform that throws leaves a rejected promise behind, which ends the process.
    if (!(schema instanceof z.ZodType)) throw new TypeError("row schemas have to be of Zod");
    const result = schema.safeParse(row);
    if (!result.success) throw new SchemaValidationError(query, row, result.error.issues);
    return result.data as typeof row;
  },
};

/** Opens no connection yet. */
export function createRolePool(
  url: string,
  { size, statementTimeoutMs, driverFactory = nativeDriver, observed }: PoolOptions,
): Promise<DatabasePool> {
  return createPool(url, {
    driverFactory,
    ...(observed ? { poolName: observed.role, tracing: observed.isTraced } : {}),
    maxPoolSize: size,
    idleTimeout: 60_000,
    connectionTimeout: 5_000,
    statementTimeout: statementTimeoutMs,
    // A statement whose caller has gone is not waited for.
    gracefulTerminationTimeout: 200,
    idleInTransactionSessionTimeout: 30_000,
    // A retried INSERT whose commit had gone through would store its rows twice.
    queryRetryLimit: 0,
    transactionRetryLimit: 0,
    connectionRetryLimit: 0,
    // No session state is ever left behind, so there is nothing to DISCARD; on the embedded database it would empty search_path.
    resetConnection: async () => {},
    // Values that could lose anything on the way leave SQL as text.
    typeParsers: [],
    interceptors: observed ? [observeStatements(observed.role, observed.observe), resultParser] : [resultParser],
  });
}

/** Most connections that a server opens for each database role. */
export function poolSizes({ poolSize }: Pick<Config, "poolSize">): PerDatabaseRole<number> {
  return { reader: poolSize, writer: poolSize, admin: 4, auth: 2 };
}
