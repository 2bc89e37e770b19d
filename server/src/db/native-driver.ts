/**
 * In charge of Slonik's way to a real server over TCP. Slonik's own driver waits for ever on a link that says nothing, knows one address,
 * and looks types up before it is asked for anything; this one does not (docs/adr/0019-own-native-driver.md).
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, DatabaseError, type QueryConfig } from "pg";
import { createDriverFactory, type DriverCommand } from "slonik";
import { AnswerTooLargeError } from "./answer-too-large-error.ts";
import { ConnectionLostError } from "./connection-lost-error.ts";
import { splitUrls } from "./split-urls.ts";

/** The server ends a statement by itself when its time is up. An answer that takes so much longer does not come. */
const GRACE_MS = 2_000;
/** A farewell that takes longer is not heard. */
const FAREWELL_MS = 1_000;
/** An idle connection whose other end is gone is noticed before it is used. */
const KEEP_ALIVE_MS = 10_000;

const COMMANDS: readonly DriverCommand[] = ["COPY", "DELETE", "INSERT", "SELECT", "UPDATE"];
/** After these the server hangs up. */
const LAST_WORDS: ReadonlySet<string | undefined> = new Set(["FATAL", "PANIC"]);

type Session = { readonly client: Client; readonly socket: Socket };

type Limits = {
  readonly connectMs: number;
  readonly statementMs: number;
  readonly idleInTransactionMs: number;
};

/** The URI may name several addresses: the first that lets us in is used, anew for each connection. */
export const nativeDriver = createDriverFactory(async ({ driverConfiguration }) => {
  const urls = splitUrls(driverConfiguration.connectionUri);
  const limits: Limits = {
    connectMs: limit(driverConfiguration.connectionTimeout),
    statementMs: limit(driverConfiguration.statementTimeout),
    idleInTransactionMs: limit(driverConfiguration.idleInTransactionSessionTimeout),
  };

  return {
    createPoolClient: async ({ clientEventEmitter }) => {
      let session: Session | null = null;

      return {
        connect: async () => {
          session = await openFirst(urls, limits, (error) => {
            // Slonik stops listening once it has thrown the connection away.
            if (clientEventEmitter.listenerCount("error") > 0) clientEventEmitter.emit("error", asLoss(error));
          });
        },
        end: async () => {
          if (!session) return;
          await Promise.race([session.client.end(), sleep(FAREWELL_MS, null, { ref: false })]);
          session.socket.destroy();
        },
        query: async (text, values) => {
          if (!session) throw new Error("the connection has not been opened");
          return ask(session, text, values ?? [], limits.statementMs + GRACE_MS);
        },
        stream: () => {
          throw new Error("a stream would keep a connection for as long as its reader likes");
        },
      };
    },
  };
});

async function openFirst(urls: readonly string[], limits: Limits, onLoss: (error: Error) => void): Promise<Session> {
  const failures: unknown[] = [];
  for (const url of urls) {
    try {
      return await open(url, limits, onLoss);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, "no address of the database lets us in");
}

async function open(
  url: string,
  { connectMs, statementMs, idleInTransactionMs }: Limits,
  onLoss: (error: Error) => void,
): Promise<Session> {
  const socket = new Socket();
  const client = new Client({
    // The same to the driver, which warns that the first will mean less one day.
    connectionString: url.replace(/\bsslmode=require\b/, "sslmode=verify-full"),
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  });
  // Before anything can go wrong: an error that nobody listens to would end the process.
  client.on("error", onLoss);
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  guardParser(client.connection.stream);
  return { client, socket };
}

/**
 * The driver reads what comes inside of a listener, where a throw would end the process: one value of more than half a gigabyte is enough.
 * With TLS the stream is not the socket.
 */
function guardParser(stream: Duplex): void {
  const parsers = stream.listeners("data");
  stream.removeAllListeners("data");
  stream.on("data", (bytes) => {
    try {
      for (const parse of parsers) parse.call(stream, bytes);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error("an answer that cannot be read", { cause: error }));
    }
  });
}

async function ask({ client, socket }: Session, text: string, values: readonly unknown[], deadlineMs: number) {
  const giveUp = setTimeout(() => {
    socket.destroy(new Error(`no answer within ${deadlineMs} ms`));
  }, deadlineMs);
  // Extended even without values: the simple protocol would take several statements in one text.
  const config: QueryConfig & { readonly queryMode: "extended" } = { text, values: [...values], queryMode: "extended" };
  try {
    const { command, fields, rowCount, rows } = await client.query(config);
    return {
      command: COMMANDS.find((known) => known === command) ?? "SELECT",
      fields: fields.map(({ dataTypeID, name }) => ({ dataTypeId: dataTypeID, name })),
      rowCount,
      rows,
    };
  } catch (error) {
    throw isAnswer(error) ? error : asLoss(error);
  } finally {
    clearTimeout(giveUp);
  }
}

/** Whether the server refused the statement, and is there for the next. */
function isAnswer(error: unknown): boolean {
  return error instanceof DatabaseError && !LAST_WORDS.has(error.severity);
}

function asLoss(error: unknown): ConnectionLostError {
  const isTooLong = error instanceof Error && "code" in error && error.code === "ERR_STRING_TOO_LONG";
  return isTooLong ? new AnswerTooLargeError(error) : new ConnectionLostError(error);
}

function limit(milliseconds: number | "DISABLE_TIMEOUT"): number {
  if (milliseconds === "DISABLE_TIMEOUT") throw new Error("a connection without time limits could wait for ever");
  return milliseconds;
}
