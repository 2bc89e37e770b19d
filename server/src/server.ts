/** In charge of a running server: listening, and stopping without dropping what it has accepted. */
import { createServer } from "node:http";
import { createApp } from "./app.ts";
import type { Config } from "./config/config.ts";
import { type AppContext, createContext } from "./context.ts";
import { applyConfiguration } from "./contract/apply-configuration.ts";
import { type Contract, loadContract, readContractFile } from "./contract/contract.ts";
import { drain } from "./http/connection/drain.ts";
import { limitPipelining } from "./http/connection/limit-pipelining.ts";
import { refuseUnreadable } from "./http/connection/refuse-unreadable.ts";
import { shedLoad } from "./http/connection/shed-load.ts";
import { trackKeepAlive } from "./http/connection/track-keep-alive.ts";
import { startJanitor } from "./janitor.ts";
import { listen } from "./http/connection/listen.ts";
import type { Logger } from "./observation/logger.ts";
import { operations } from "./operations.ts";

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** How often it is looked who exceeds them. */
const TIMEOUT_CHECK_MS = 1_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Of one answer: every step of the pipeline may wait for its end, and a stream does so several times. Node warns of more than ten. */
const MAX_LISTENERS = 20;
/** Room for the longest parameters that the contract allows. */
const MAX_HEADER_BYTES = 65_536;

export type RunningServer = {
  readonly url: string;
  readonly context: AppContext;
  /** Answers what was accepted, then closes everything. Safe to call twice. */
  readonly stop: () => Promise<void>;
};

/** Read once in a process, however many servers it runs: that is half a second of work. */
let ownContract: Promise<Contract> | null = null;

export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  // Before the database is touched: a server that cannot keep its word leaves nothing behind.
  ownContract ??= loadContract(readContractFile(), Object.keys(operations));
  const contract = applyConfiguration(await ownContract, config);
  const stopping = new AbortController();
  // What was opened until then is closed when the start fails half-way.
  await using opened = new AsyncDisposableStack();
  if (config.tracing) {
    const { startTracing } = await import("./observation/start-tracing.ts");
    opened.adopt(startTracing(config.tracing, log), (tracing) => tracing.stop());
  }
  const context = opened.use(await createContext({ config, contract, logger: log, stopping: stopping.signal }));
  const { maxDelayMs } = config;
  const pipeline = createApp(context, operations);
  const { access, database, observe } = context;
  const load = { maxDelayMs, pools: database.pools, isProven: access.isProven, observe };
  const serve = limitPipelining(shedLoad(load, pipeline));
  const http = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: TIMEOUT_CHECK_MS, requireHostHeader: false },
    serve,
  );
  // A client that expects 100-continue gets it once its body is wanted; other expectations may be ignored (RFC 9110).
  http.on("checkContinue", (request, response) => http.emit("request", request, response));
  http.on("checkExpectation", (request, response) => http.emit("request", request, response));
  refuseUnreadable(http, MAX_HEADER_BYTES, context.observe);
  http.headersTimeout = HEADERS_TIMEOUT_MS;
  http.requestTimeout = REQUEST_TIMEOUT_MS;
  const endKeepAlive = trackKeepAlive(http);
  http.prependListener("request", (_request, response) => {
    response.setMaxListeners(MAX_LISTENERS);
    response.shouldKeepAlive &&= !stopping.signal.aborted;
  });
  // Longer than the usual 60 s of a load balancer, which would else send into a connection that is being closed.
  http.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;

  const url = await listen(http, { ...config, isShared: config.workers > 1 });
  context.database.announce(url);
  context.observe({ event: "listening", url, database: context.database.kind });
  opened.use(startJanitor(context.database.pools, context.observe));

  const running = opened.move();
  const stop = async () => {
    stopping.abort();
    // An answer on its way closes its connection, or the caller would go on using it.
    endKeepAlive();
    await drain(http, config.drainSeconds * 1_000);
    await running.disposeAsync();
  };
  let stopped: Promise<void> | null = null;
  return { url, context, stop: () => (stopped ??= stop()) };
}
