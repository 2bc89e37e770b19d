/** Starts a server, and nothing else: what `npm start` and containers run. */
import { start } from "./commands/start.ts";
import { exitOnStartFailure } from "./commands/exit-on-start-failure.ts";

try {
  await start(process.env);
} catch (error) {
  exitOnStartFailure(error);
}
