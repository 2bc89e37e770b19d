/** In charge of one connection to a real server: opened with time limits, and each statement answered within its own. */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import { z } from "zod";
import { AnswerTooLargeError, ConnectionLostError } from "../errors.ts";
import { createPreparedStatements, NOT_PREPARED, type Preparation } from "./prepared-statements.ts";
import { type Receiving, startReceiving } from "./receiving.ts";
import { createStatement, type StatementResult } from "./statement.ts";

/** The server ends a statement by itself when its time is up. An answer that takes so much longer does not come. */
const GRACE_MS = 2_000;
/** A farewell that takes longer is not heard. */
const FAREWELL_MS = 1_000;
/** An idle connection whose other end is gone is noticed before it is used. */
const KEEP_ALIVE_MS = 10_000;

/** After these the server hangs up. */
const LAST_WORDS: ReadonlySet<string | undefined> = new Set(["FATAL", "PANIC"]);

const keyData = z.object({ processID: z.int() });

export type Session = {
  readonly ask: (text: string, values: readonly unknown[]) => Promise<StatementResult>;
  readonly end: () => Promise<void>;
};

export type Limits = {
  readonly connectMs: number;
  readonly statementMs: number;
  readonly idleInTransactionMs: number;
};

/** @param onLoss hears of a connection that is lost while nobody uses it. */
export async function openSession(
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
  client.on("error", (error) => onLoss(asLoss(error)));
  let toldPid: number | null = null;
  client.connection.once("backendKeyData", (message) => {
    toldPid = keyData.parse(message).processID;
  });
  const deadlineMs = statementMs + GRACE_MS;
  let receiving: Receiving | null = null;
  const send = async (text: string, values: readonly unknown[], preparation: Preparation): Promise<StatementResult> => {
    const { statement, result } = createStatement(text, values, preparation);
    const giveUp = setTimeout(() => socket.destroy(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
    try {
      client.query(statement);
      return await result;
    } catch (error) {
      if (!isAnswer(error)) throw asLoss(error);
      // Made where bytes come in, it does not know who asked.
      Error.captureStackTrace(error);
      throw error;
    } finally {
      clearTimeout(giveUp);
      receiving?.end();
    }
  };
  const end = async () => {
    await Promise.race([client.end(), sleep(FAREWELL_MS, null, { ref: false })]);
    socket.destroy();
  };

  let pid: unknown;
  try {
    await client.connect();
    receiving = startReceiving(client.connection.stream);
    guardParser(client.connection.stream, receiving);
    const { rows } = await send("select pg_backend_pid() as pid", [], NOT_PREPARED);
    pid = rows[0]?.["pid"];
  } catch (error) {
    socket.destroy();
    throw error;
  }
  // A pooler tells a number of its own, and may send the next statement to another session, which has prepared nothing.
  if (pid !== toldPid) return { ask: (text, values) => send(text, values, NOT_PREPARED), end };

  const statements = createPreparedStatements();
  const ask = async (text: string, values: readonly unknown[]): Promise<StatementResult> => {
    const preparation = statements.recall(text);
    try {
      const result = await send(text, values, preparation);
      statements.keep(text, preparation, result.columns);
      return result;
    } catch (error) {
      statements.forget(text);
      throw error;
    }
  };
  return { ask, end };
}

/**
 * The driver reads what comes inside of a listener, where a throw would end the process: one value of more than half a gigabyte is enough.
 * With TLS the stream is not the socket.
 */
function guardParser(stream: Duplex, receiving: Receiving): void {
  const parsers = stream.listeners("data");
  stream.removeAllListeners("data");
  stream.on("data", (bytes: Buffer) => {
    receiving.count(bytes.length);
    try {
      for (const parse of parsers) parse.call(stream, bytes);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error("an answer that cannot be read", { cause: error }));
    }
  });
}

/** Whether the server refused the statement, and is there for the next. */
function isAnswer(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && !LAST_WORDS.has(error.severity);
}

function asLoss(error: unknown): ConnectionLostError {
  const isTooLong = error instanceof Error && "code" in error && error.code === "ERR_STRING_TOO_LONG";
  return isTooLong ? new AnswerTooLargeError(error) : new ConnectionLostError(error);
}
