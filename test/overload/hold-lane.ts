/** In charge of keeping a lane busy: all its connections are taken, as by statements that take long. */
import type { DatabaseRole } from "../../server/src/config/database-role.ts";
import type { TestServer } from "../support/server.ts";

/** So many connections, which are given back when this is disposed. */
export async function holdLane({ context }: TestServer, lane: DatabaseRole, connections: number): Promise<AsyncDisposable> {
  const end = Promise.withResolvers<void>();
  const taken = Array.from({ length: connections }, () => Promise.withResolvers<void>());
  const held = taken.map(({ resolve }) =>
    context.database.pools[lane].connect(() => {
      resolve();
      return end.promise;
    }),
  );
  await Promise.all(taken.map(({ promise }) => promise));
  return {
    [Symbol.asyncDispose]: async () => {
      end.resolve();
      await Promise.all(held);
    },
  };
}
