/**
 * Kronicle with another way to append, for comparison: `no-database` answers each request as soon as it is validated, `one-insert`
 * stores its rows with an INSERT and a commit of its own. Everything before and behind is the real server.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { createApp } from "../../server/src/app.ts";
import { readConfig } from "../../server/src/config/config.ts";
import { type AppContext, createContext } from "../../server/src/context.ts";
import { JsonText } from "../../server/src/contract/json-text.ts";
import { loadContract, readContractFile } from "../../server/src/contract/contract.ts";
import type { Operation, Operations } from "../../server/src/contract/operation.ts";
import { createLogger } from "../../server/src/observation/logger.ts";
import { operations } from "../../server/src/operations.ts";
import { TABLE } from "./fill.ts";

/** As long as the answer of the real append. */
const ANSWER = new JsonText(JSON.stringify({ op_status: "success", padding: "x".repeat(500) }));

const answerAtOnce: Operation<"appendRows"> = async () => ({ status: 200, body: ANSWER });

const channels = new Map<string, Promise<number>>();

const insertEach: Operation<"appendRows"> = async ({ path, body }, { database }) => {
  const pool = database.pools.writer;
  const id = channels.get(path.channel_id) ?? findChannel(pool, path.channel_id);
  channels.set(path.channel_id, id);
  const [row] = z.object({ rows: z.array(z.object({ time: z.string(), a: z.number(), b: z.number() })) }).parse(body).rows;
  if (!row) throw new Error("this variant stores one row");
  const [schema = "", table = ""] = TABLE.split(".");
  await pool.query(sql.type(z.object({}))`
    insert into ${sql.identifier([schema, table])} (_channel, time, float8_1, float8_2)
    values (${await id}::integer, ${row.time}::timestamptz, ${row.a}::float8, ${row.b}::float8)
  `);
  return { status: 200, body: ANSWER };
};

function findChannel(connection: CommonQueryMethods, channelId: string): Promise<number> {
  return connection.oneFirst(sql.type(z.object({ id: z.int() }))`
    select c.id from kronicle.channel c where c.channel_id = ${channelId}::uuid
  `);
}

const config = readConfig(process.env);
const contract = await loadContract(readContractFile(), Object.keys(operations));
const context = await createContext({
  config,
  contract,
  logger: createLogger(config),
  stopping: new AbortController().signal,
});
const table: Operations<AppContext> = { ...operations, appendRows: process.argv[2] === "one-insert" ? insertEach : answerAtOnce };
const server = createServer(createApp(context, table));
await once(server.listen(0, "127.0.0.1"), "listening");
const address = server.address();
process.stdout.write(`Kronicle listens on http://127.0.0.1:${typeof address === "object" ? address?.port : ""}\n`);
