/** In charge of trying SQL on a lane, as if it had been injected there; whatever it does is undone. */
import type { CommonQueryMethods } from "slonik";
import { sqlState } from "../../../server/src/db/sql-state.ts";
import { as } from "../../support/http.ts";
import { asOwner, statement } from "../../support/owner.ts";
import type { TestServer } from "../../support/server.ts";
import type { Lane } from "./lane.ts";

export type Target = {
  /** The SQLSTATE with which the database refuses the statement, or `allowed`. */
  readonly attack: (lane: Lane, sql: string) => Promise<string>;
  /** Whether the statement makes the session act as somebody else. */
  readonly changesRole: (lane: Lane, sql: string) => Promise<boolean>;
};

export async function prepareTarget(server: TestServer): Promise<Target> {
  const row = { time: "2024-03-01T00:00:00Z", value: 1.5 };
  await as("writer", server)
    .post("/data/v1/channels")
    .send({ name: "target", channel_schema: { value: "float" }, rows: [row] })
    .expect(201);
  const names = await asOwner(server.context, (owner) =>
    owner.one(
      statement(`
        select
          format('%I.%I', k.hypertable_schema, k.hypertable_name) as "table",
          format('%I.%I', k.chunk_schema, k.chunk_name) as chunk,
          pg_get_serial_sequence('series.' || k.hypertable_name, '_row') as sequence,
          current_user as owner
        from timescaledb_information.chunks k
      `),
    ),
  );
  const { pools, roles } = server.context.database;
  const fill = (lane: Lane, sql: string) => {
    const known: Record<string, unknown> = { ...names, other: roles[lane === "admin" ? "auth" : "admin"] };
    return statement(sql.replaceAll(/\{(\w+)\}/g, (_placeholder, name) => String(known[name])));
  };
  const undoing = async (lane: Lane, work: (transaction: CommonQueryMethods) => Promise<unknown>): Promise<string> => {
    const done = new Error("allowed");
    try {
      await pools[lane].transaction(async (transaction) => {
        await work(transaction);
        throw done;
      });
    } catch (error) {
      if (error !== done) return sqlState(error) ?? String(error);
    }
    return done.message;
  };

  return {
    attack: (lane, sql) => undoing(lane, (transaction) => transaction.query(fill(lane, sql))),
    changesRole: async (lane, sql) => {
      let role: unknown = roles[lane];
      await undoing(lane, async (transaction) => {
        await transaction.query(fill(lane, sql));
        role = (await transaction.one(statement("select current_user as role")))["role"];
      });
      return role !== roles[lane];
    },
  };
}
