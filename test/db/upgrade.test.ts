import { expect, test } from "vitest";
import { readConfig } from "@kronicle/server/config";
import { DATABASE_ROLES } from "../../server/src/config/database-role.ts";
import { readMigrations } from "../../server/src/db/migrate.ts";
import { openOwner } from "../../server/src/db/open-owner.ts";
import { as } from "../support/http.ts";
import { createEmptyDatabase } from "../support/database.ts";
import { asOwner, statement } from "../support/owner.ts";
import { startTestServer } from "../support/server.ts";

/** The schema of the release before, made as that made it. */
const BEFORE = 10;

const CHANNELS = 40;
const ID = "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10";

/** Channels with rows, one with labels that are too large by now, one that is deleted, and a key that something was stored with. */
const FILL = [
  `select kronicle.ensure_series_table('{"float8": 1}', 30)`,
  `insert into kronicle.channel (channel_id, name, series_table, columns, channel_schema, metadata, density)
   select
     case when n = 1 then '${ID}'::uuid else gen_random_uuid() end, 'channel ' || n, 1,
     '[{"name": "value", "type": "float", "optional": false, "slot": "float8_1"}]', '{"time":"datetime","value":"float"}',
     case when n = 2 then jsonb_build_object('k', repeat('x', 200000)) else '{}' end, 'normal'
   from generate_series(1, ${CHANNELS}) n`,
  `insert into series.s_1 (_channel, time, float8_1)
   select c, timestamptz '2024-01-01Z' + make_interval(days => n), n
   from generate_series(1, ${CHANNELS}) c, generate_series(0, 99) n`,
  `insert into kronicle.channel_stats (channel, slot, row_count, first_time, last_time)
   select c, 0, 100, '2024-01-01Z', timestamptz '2024-01-01Z' + interval '99 days' from generate_series(1, ${CHANNELS}) c`,
  `update kronicle.channel set deleted_at = now() where id = ${CHANNELS}`,
  `insert into kronicle.idempotency (key_hash, fingerprint, channel, is_created, inserted_rows, available_rows, requested_at)
   values ('\\x01', '\\x02', 1, false, 1, 1, now())`,
];

test("a database full of data is brought to this version, and loses none of it", async () => {
  await using database = await createEmptyDatabase();
  const owner = await openOwner({ ...readConfig({}), ...database.settings });
  try {
    await owner.pool.connect(async (connection) => {
      const run = (text: string) => connection.query(statement(text));
      for (const role of Object.values(owner.roles)) {
        await run(`do $$ begin create role "${role}" nologin; exception when duplicate_object then null; end $$`);
        await run(`do $$ begin grant "${role}" to current_user; exception when others then null; end $$`);
      }
      await run("create schema kronicle");
      await run(
        "create table kronicle.migration (id integer primary key, name text not null, applied_at timestamptz not null default now())",
      );
      for (const { id, name, text } of readMigrations().slice(0, BEFORE)) {
        const named = DATABASE_ROLES.reduce((sum, role) => sum.replaceAll(`{{${role}}}`, `"${owner.roles[role]}"`), text);
        await run(`do $run$ begin execute $migration$${named}$migration$; end $run$`);
        await run(`insert into kronicle.migration (id, name) values (${id}, '${name}')`);
      }
      for (const text of FILL) await run(text);
    });
  } finally {
    await owner.close();
  }

  await using server = await startTestServer(database.settings);
  const { body } = await as("reader", server).get("/api/v1/channels").expect(200);
  expect(body).toHaveLength(CHANNELS - 1);
  expect(body[1].metadata.k).toHaveLength(200_000);
  const rows = () => as("reader", server).get(`/api/v1/channels/${ID}/rows`).expect(200);
  expect((await rows()).body.rows).toHaveLength(100);
  const append = as("writer", server).post(`/data/v1/channels/${ID}/rows`).set("Idempotency-Key", '"new"');
  await append.send({ rows: [{ time: "2024-01-01T12:00:00Z", value: 1 }] }).expect(200);
  expect((await rows()).body.rows).toHaveLength(101);
  const kept = await asOwner(server.context, (connection) =>
    connection.anyFirst(
      statement("select i.provided_rows from kronicle.idempotency i order by i.created_at, i.provided_rows nulls first"),
    ),
  );
  expect(kept).toEqual([null, 1]);
});
