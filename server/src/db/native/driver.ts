/**
 * In charge of Slonik's way to a real server over TCP. Slonik's own driver waits for ever on a link that says nothing, knows one address,
 * looks types up before it is asked for anything, and has each statement planned anew; this one does not (docs/adr/0019-own-native-driver.md).
 */
import { createDriverFactory, type DriverCommand } from "slonik";
import { splitUrls } from "../../config/database-url.ts";
import { type Limits, openSession, type Session } from "./session.ts";

const COMMANDS: readonly DriverCommand[] = ["COPY", "DELETE", "INSERT", "SELECT", "UPDATE"];

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
          session = await openFirst(urls, limits, (loss) => {
            // Slonik stops listening once it has thrown the connection away.
            if (clientEventEmitter.listenerCount("error") > 0) clientEventEmitter.emit("error", loss);
          });
        },
        end: async () => session?.end(),
        query: async (text, values) => {
          if (!session) throw new Error("the connection has not been opened");
          const { command, columns, rowCount, rows } = await session.ask(text, values ?? []);
          return {
            command: COMMANDS.find((known) => known === command) ?? "SELECT",
            fields: columns.map(({ dataTypeID, name }) => ({ dataTypeId: dataTypeID, name })),
            rowCount,
            rows: [...rows],
          };
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
      return await openSession(url, limits, onLoss);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.length === 1 ? failures[0] : new AggregateError(failures, "no address of the database lets us in");
}

function limit(milliseconds: number | "DISABLE_TIMEOUT"): number {
  if (milliseconds === "DISABLE_TIMEOUT") throw new Error("a connection without time limits could wait for ever");
  return milliseconds;
}
