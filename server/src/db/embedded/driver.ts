/** In charge of Slonik's way into the embedded database. */
import { createDriverFactory, type DriverCommand, type DriverFactory } from "slonik";
import { ConnectionLostError } from "../errors.ts";
import { type EmbeddedEngine, type Session, settlesWithin } from "./engine.ts";

const COMMANDS: readonly DriverCommand[] = ["COPY", "DELETE", "INSERT", "SELECT", "UPDATE"];

/**
 * A connection takes the one session with its first statement, and gives it back when Slonik releases it. So a transaction has it
 * from begin to commit, and whoever holds one must not ask for a second.
 *
 * WebAssembly has neither signals nor timers, so PostgreSQL notices no `statement_timeout`, and nobody can interrupt a statement: one that
 * takes longer is no longer waited for, and the session stays with it until it ends.
 *
 * @param acquireTimeoutMs is how long a connection waits for the session.
 */
export function createEmbeddedDriver(engine: EmbeddedEngine, role: string | null, acquireTimeoutMs: number): DriverFactory {
  return createDriverFactory(async ({ driverConfiguration }) => {
    const { statementTimeout } = driverConfiguration;
    if (statementTimeout === "DISABLE_TIMEOUT")
      throw new Error("a statement without a time limit could be waited for without end");
    return {
      createPoolClient: async ({ clientEventEmitter }) => {
        let session: Promise<Session> | null = null;
        let running: Promise<unknown> = Promise.resolve();
        const takeSession = async (): Promise<Session> => {
          session ??= engine.takeSession(role, acquireTimeoutMs);
          try {
            return await session;
          } catch (error) {
            session = null;
            throw error;
          }
        };
        const giveBack = () => {
          const held = session;
          session = null;
          void settled(running).then(async () => (await held)?.release());
        };
        clientEventEmitter.on("release", giveBack);

        return {
          connect: async () => {},
          end: async () => {
            // A connection that is thrown away may be in the middle of a transaction.
            await (await session)?.query("rollback", []);
            giveBack();
          },
          query: async (text, values) => {
            const answer = (await takeSession()).query(text, values ?? []);
            running = answer;
            if (!(await settlesWithin(answer, statementTimeout))) {
              throw new ConnectionLostError(new Error(`the statement had not ended after ${statementTimeout} ms`));
            }
            const { rows, fields, rowCount } = await answer;
            return { command: commandOf(text), fields: [...fields], rowCount, rows };
          },
          stream: () => {
            throw new Error("the embedded database has one session, which a stream would keep from everybody else");
          },
        };
      },
    };
  });
}

async function settled(work: Promise<unknown>): Promise<void> {
  await work.catch(() => {});
}

function commandOf(text: string): DriverCommand {
  const word = text.trimStart().slice(0, 6).toUpperCase();
  return COMMANDS.find((command) => word.startsWith(command)) ?? "SELECT";
}
