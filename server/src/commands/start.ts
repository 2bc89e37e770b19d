/** In charge of the life of a server process: from its environment to SIGTERM or SIGINT. */
import { readConfig } from "../config.ts";
import { createLogger } from "../logger.ts";
import { startServer } from "../server.ts";
import { printWelcome } from "../welcome.ts";

export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  const log = createLogger(config);
  const server = await startServer(config, log);
  await printWelcome(server);

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping");
      void server.stop().then(() => log.info("stopped"));
    });
  }
}
