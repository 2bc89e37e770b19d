/** In charge of Slonik's way into the embedded database. */
import { createDriverFactory, type DriverCommand, type DriverFactory } from "slonik";
import type { EmbeddedEngine, Session } from "./engine.ts";

const COMMANDS: readonly DriverCommand[] = ["COPY", "DELETE", "INSERT", "SELECT", "UPDATE"];

/**
 * A connection takes the one session with its first statement, and gives it back when Slonik releases it. So a transaction has it
 * from begin to commit, and whoever holds one must not ask for a second.
 */
export function createEmbeddedDriver(engine: EmbeddedEngine, role: string | null): DriverFactory {
  return createDriverFactory(async () => ({
    createPoolClient: async ({ clientEventEmitter }) => {
      let session: Promise<Session> | null = null;
      const giveBack = () => {
        void session?.then(({ release }) => release());
        session = null;
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
          session ??= engine.takeSession(role);
          const { rows, fields, rowCount } = await (await session).query(text, values ?? []);
          return { command: commandOf(text), fields: [...fields], rowCount, rows };
        },
        stream: () => {
          throw new Error("the embedded database has one session, which a stream would keep from everybody else");
        },
      };
    },
  }));
}

function commandOf(text: string): DriverCommand {
  const word = text.trimStart().slice(0, 6).toUpperCase();
  return COMMANDS.find((command) => word.startsWith(command)) ?? "SELECT";
}
