/** In charge of looking at everything that a server depends on, without changing any of it. */
import { OperatorError } from "../../config/operator-error.ts";
import { type Config, ConfigError, readConfig } from "../../config/config.ts";
import { DirectoryError, hasDatabase } from "../../db/embedded/directory.ts";
import { readMigrations } from "../../db/migrate.ts";
import { type Owner, openOwner } from "../../db/open-owner.ts";
import { poolSizes } from "../../db/pool/create-role-pool.ts";
import { selectDatabaseRoles } from "../../db/queries/selectDatabaseRoles.ts";
import { selectMigrations } from "../../db/queries/selectMigrations.ts";
import { selectStorageUse } from "../../db/queries/selectStorageUse.ts";
import { selectServerState, type ServerState } from "../../db/queries/selectServerState.ts";
import { selectUnsafeFunctions } from "../../db/queries/selectUnsafeFunctions.ts";
import { UnreachableError } from "../../db/errors.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { examineLogins } from "./examine-logins.ts";
import { judgeSchema } from "./judge-schema.ts";
import { judgeServer } from "./judge-server.ts";

/** In the order in which the server would meet with them. What cannot be looked at for want of something before it is left out. */
export async function examine(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const config = tryConfig(env);
  if (config instanceof ConfigError) return [fail("configuration", config.message, "Correct these settings.")];
  const configured = ok("configuration", "it can be used");
  if (config.databaseUrl === null && (config.dataDir === ":memory:" || !hasDatabase(config.dataDir))) {
    const found = config.dataDir === ":memory:" ? "in memory only" : `there is none in ${config.dataDir} yet`;
    return [configured, warn("database", found, "The first start makes one.")];
  }
  try {
    const owner = await openOwner(config);
    try {
      return [configured, ...(await examineDatabase(config, owner))];
    } finally {
      await owner.close();
    }
  } catch (error) {
    return [configured, await explain(error)];
  }
}

function tryConfig(env: NodeJS.ProcessEnv): Config | ConfigError {
  try {
    return readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

async function examineDatabase(config: Config, owner: Owner): Promise<Check[]> {
  const { state, clockAheadMs } = await readState(owner);
  const perWorker = Object.values(poolSizes(config)).reduce((sum, size) => sum + size, 0);
  // And one that a start needs before the others, for migrations.
  const neededConnections = perWorker * config.workers + 1;
  const checks = [
    ok("database", `${owner.kind}, ${state.login} is let in`),
    ...judgeServer({ ...state, kind: owner.kind, clockAheadMs, neededConnections }),
  ];
  // Without its library, nothing that belongs to the extension can be asked for.
  if (owner.kind === "native" && state.timescaledb !== null && state.edition === null) return checks;

  const applied = await selectMigrations(owner.pool);
  const roles = await selectDatabaseRoles(owner.pool, Object.values(owner.roles));
  checks.push(
    ...judgeSchema({
      ...state,
      kind: owner.kind,
      applied,
      known: readMigrations().length,
      roles,
      unsafeFunctions: await selectUnsafeFunctions(owner.pool),
      ...(await readStorageUse(owner, state)),
    }),
  );
  const areRolesThere = roles.every(({ exists }) => exists);
  return owner.kind === "native" && areRolesThere ? [...checks, ...(await examineLogins(config, owner.roles))] : checks;
}

async function readStorageUse({ pool }: Owner, { timescaledb }: ServerState) {
  const { tables, most_chunks: maxChunks } = timescaledb === null ? { tables: 0, most_chunks: 0 } : await selectStorageUse(pool);
  return { tables, maxChunks };
}

async function readState({ pool }: Owner): Promise<{ readonly state: ServerState; readonly clockAheadMs: number }> {
  const asked = Date.now();
  const state = await selectServerState(pool);
  const uncertaintyMs = (Date.now() - asked) / 2;
  const aheadMs = state.now_ms - (asked + uncertaintyMs);
  return { state, clockAheadMs: Math.sign(aheadMs) * Math.max(0, Math.abs(aheadMs) - uncertaintyMs) };
}

/** Why a database cannot be opened. @throws errors that are no operator's to mend. */
async function explain(error: unknown): Promise<Check> {
  if (error instanceof UnreachableError) return fail("database", error.message, "Nothing else can be looked at before.");
  if (!(error instanceof OperatorError)) throw error;
  if (!(error instanceof DirectoryError)) return fail("configuration", error.message, "Correct this setting.");
  const { owner } = error;
  if (!owner?.url) return fail("database", error.message, "Nothing else can be looked at before.");
  const server = `a server (pid ${owner.pid}, ${owner.url}) uses the embedded database`;
  return (await isReady(owner.url))
    ? ok("database", `${server} and is ready; what is inside can be looked at when it is stopped`)
    : fail("database", `${server} and is not ready`, `See what ${owner.url}/health/ready and its log say.`);
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok: isOk }) => isOk,
    () => false,
  );
}
