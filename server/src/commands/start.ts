/** In charge of the life of a server process: from its environment to SIGTERM or SIGINT. */
import cluster from "node:cluster";
import { setFlagsFromString } from "node:v8";
import type { Command } from "@commander-js/extra-typings";
import { type Config, readConfig } from "../config/config.ts";
import { createLogger, type Logger } from "../observation/logger.ts";
import { type RunningServer, startServer } from "../server.ts";
import { printWelcome } from "./welcome.ts";
import { superviseWorkers } from "./supervise-workers.ts";

/** Ten, the default, end in the database driver and never reach the operation of ours that failed. */
const STACK_FRAMES = 30;

/**
 * How far the heap may outgrow what is in use, in percent of it, before it is searched for garbage. Large answers are garbage as soon as
 * they are sent, and V8 by itself looks through everything after every few of them: half of what they cost.
 */
const HEAP_GROWING_PERCENT = 200;

export function addStart(program: Command): void {
  program
    .command("start")
    .description("start a server; it runs until SIGTERM or SIGINT")
    .action(() => start(process.env));
}

export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  Error.stackTraceLimit = STACK_FRAMES;
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  const config = readConfig(env);
  const log = createLogger(config);
  await (config.workers > 1 && cluster.isPrimary ? superviseWorkers(config, log) : serve(config, log));
}

async function serve(config: Config, log: Logger): Promise<void> {
  // Node then ends the process, with a stack on stderr and a code that is not zero. Whoever collects the log has a line of it, too.
  process.on("uncaughtExceptionMonitor", (error) => log.fatal({ err: error }, "the server ends, for it cannot go on"));
  const { worker } = cluster;
  let server: RunningServer | null = null;

  const stop = async (running: RunningServer) => {
    await running.stop();
    log.info("stopped");
    // Its channel to the process that started it would keep it alive.
    worker?.disconnect();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping");
      // Before it listens it has accepted nothing, and a migration is a transaction. In a container nobody else would end it: what a
      // signal does by default, it does not do to process 1.
      if (server === null) process.exit(0);
      void stop(server);
    });
  }
  server = await startServer(config, log);
  if (worker) worker.send({ url: server.url });
  else await printWelcome(server.url, server.context.database);
}
