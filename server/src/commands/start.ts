/** In charge of the life of a server process: from its environment to SIGTERM or SIGINT. */
import cluster from "node:cluster";
import { type Config, readConfig } from "../config.ts";
import { createLogger, type Logger } from "../logger.ts";
import { startServer } from "../server.ts";
import { printWelcome } from "../welcome.ts";
import { superviseWorkers } from "./supervise-workers.ts";

export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  const log = createLogger(config);
  await (config.workers > 1 && cluster.isPrimary ? superviseWorkers(config, log) : serve(config, log));
}

async function serve(config: Config, log: Logger): Promise<void> {
  const server = await startServer(config, log);
  const { worker } = cluster;
  if (worker) worker.send({ url: server.url });
  else await printWelcome(server.url, server.context.database);

  const stop = async () => {
    await server.stop();
    log.info("stopped");
    // Its channel to the process that started it would keep it alive.
    worker?.disconnect();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping");
      void stop();
    });
  }
}
