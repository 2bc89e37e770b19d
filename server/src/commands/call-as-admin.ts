/** In charge of asking a server as an admin: the one that holds the embedded database, or one that is started for this alone. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Config } from "../config/config.ts";
import { EXIT, OperatorError } from "../config/operator-error.ts";
import { DirectoryError } from "../db/embedded/directory.ts";
import { createLogger } from "../observation/logger.ts";
import { startServer } from "../server.ts";

type Call = { readonly method: "GET" | "POST" | "DELETE"; readonly path: string; readonly body?: unknown };

const problem = z.object({ code: z.string(), detail: z.string() });

/**
 * The JSON of the answer: commands go the way of everybody else, with its checks and its audit trail.
 *
 * @throws OperatorError when the server refuses, or may not be asked.
 */
export async function callAsAdmin(config: Config, call: Call): Promise<unknown> {
  const adminKey = config.staticKeys.admin ?? randomBytes(32).toString("hex");
  const own = {
    ...config,
    host: "127.0.0.1",
    port: 0,
    staticKeys: { ...config.staticKeys, admin: adminKey },
    logLevel: "silent" as const,
    tracing: null,
  };
  try {
    const server = await startServer(own, createLogger(own));
    try {
      return await ask(server.url, adminKey, call);
    } finally {
      await server.stop();
    }
  } catch (error) {
    const url = error instanceof DirectoryError ? error.owner?.url : null;
    if (!url) throw error;
    if (config.staticKeys.admin !== null) return ask(url, config.staticKeys.admin, call);
    throw new OperatorError(
      EXIT.config,
      `A server uses this database (${url}). Set KRONICLE_ADMIN_KEY to a key of the admin lane, so that it can be asked.`,
    );
  }
}

async function ask(url: string, key: string, { method, path, body }: Call): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { code, detail } = problem.parse(answer);
  throw new OperatorError(EXIT.config, `The server at ${url} refused: ${response.status} ${code}. ${detail}`);
}
