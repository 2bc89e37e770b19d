/** The thread that PostgreSQL runs in, so that a long query never keeps HTTP waiting. */
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { type DataDirectory, DirectoryError, takeDirectory } from "./directory.ts";
import type { EngineOpening, EngineRequest, EngineResponse } from "./messages.ts";
import { type EmbeddedPostgres, isTrap, openPostgres, toFailure } from "./pglite.ts";

const { path } = z.object({ path: z.string().nullable() }).parse(workerData);
const port = parentPort;
if (!port) throw new Error("this file runs as a worker thread");

let directory: DataDirectory | null = null;
try {
  directory = path === null ? null : takeDirectory(path);
} catch (error) {
  if (!(error instanceof DirectoryError)) throw error;
  port.postMessage({ opened: false, refusal: error.message, owner: error.owner } satisfies EngineOpening);
  process.exit();
}

const postgres = await openPostgres(directory?.postgresPath ?? null);
directory?.complete();

/** Who the session starts as: the superuser that owns everything. */
const OWNER = "postgres";
let currentRole: string | null = null;
let queue = Promise.resolve();
port.on("message", (request: EngineRequest) => {
  queue = queue.then(() => answer(request, postgres));
});
port.postMessage({ opened: true } satisfies EngineOpening);

async function answer(request: EngineRequest, database: EmbeddedPostgres): Promise<void> {
  const { id } = request;
  try {
    if (request.kind === "close") {
      await database.close();
      directory?.release();
      respond({ id, result: { rows: [], fields: [], rowCount: 0 } });
      port?.close();
      return;
    }
    if (request.role !== currentRole) {
      await database.query(`set session authorization "${request.role ?? OWNER}"`, []);
      currentRole = request.role;
    }
    respond({ id, result: await database.query(request.text, request.values) });
  } catch (error) {
    if (isTrap(error)) endProcess(error);
    else respond({ id, failure: toFailure(error) });
  }
}

/** Nobody is answered: whether the statement was carried out is not known, and a connection that breaks says just that. */
function endProcess(cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : String(cause);
  setImmediate(() => {
    throw new Error(`the embedded database has ended, and nothing can be stored or read any more: ${reason}`, { cause });
  });
}

function respond(response: EngineResponse): void {
  port?.postMessage(response);
}
