import { type CommonQueryMethods, type FragmentSqlToken, sql } from "slonik";
import { z } from "zod";
import type { RowBatch } from "../row-batch.ts";
import { type RowReport, toRecordedFaults } from "../stored-append.ts";
import { binaryArray, plainArray, quotedArray } from "../../../db/array-literal.ts";
import { channelStats, type StoredChannel } from "../../../channels/queries/channel-definition.ts";
import { slotValues } from "./slot-values.ts";

/** Rows of one channel. */
export type RowsToInsert = {
  readonly channel: Pick<StoredChannel, "id" | "schema_version" | "columns" | "table_name">;
  readonly batch: RowBatch;
};

/** Rows that are stored only if nothing has been stored with their key, and by which their key is then known. */
type KeyedRows = RowsToInsert & {
  readonly key: { readonly hash: Buffer; readonly fingerprint: Buffer };
  readonly requestedAt: number;
  readonly report: RowReport;
};

const committedState = channelStats.extend({ channel: z.int(), version: z.int() });

/** A channel as the commit leaves it. */
type CommittedState = z.infer<typeof committedState>;

type Inserted =
  | { readonly kind: "stored"; readonly states: readonly CommittedState[] }
  /** A key was not free, and nothing was stored. */
  | { readonly kind: "key_taken" };

/**
 * Stores rows of one or more channels that share a table, and counts them: in one statement, so all or nothing.
 *
 * @param keyed those of them that have a key.
 * @throws an error with SQLSTATE.channelChanged, and stores nothing, when the columns of a channel were changed, or it was deleted, since
 * it was read; with SQLSTATE.channelChanging when that is happening just now.
 */
export async function insertRows(
  connection: CommonQueryMethods,
  tableName: string,
  appends: readonly RowsToInsert[],
  keyed: readonly KeyedRows[],
): Promise<Inserted> {
  const slots = slotValues(appends);
  const names = slots.map(({ slot }) => sql.fragment`, ${sql.identifier([slot])}`);
  const arrays = slots.map(({ array }) => sql.fragment`, ${array}`);
  const channels = appends.flatMap(({ channel, batch }) => Array<number>(batch.count).fill(channel.id));
  const times = appends.flatMap(({ batch }) => batch.times);
  const none = sql.fragment``;
  const isKeyed = keyed.length > 0;
  // A condition that is the same for all rows is looked at before anything is read, so that nothing is called either.
  const ifFree = isKeyed ? sql.fragment`where (select f.are_all from free f)` : none;

  const states = await connection.any(sql.type(committedState)`
    with ${isKeyed ? freeKeys(keyed) : none}
    stored as (
      insert into ${sql.identifier(["series", tableName])} (_channel, time${sql.join(names, none)})
      select *
      from unnest(${plainArray(channels)}::integer[], ${plainArray(times)}::timestamptz[]${sql.join(arrays, none)})
      ${ifFree}
    ),
    counted as (
      select c.*
      from kronicle.add_to_stats(
        ${plainArray(appends.map(({ channel }) => channel.id))}::integer[],
        ${plainArray(appends.map(({ channel }) => channel.schema_version))}::integer[],
        ${plainArray(appends.map(({ batch }) => batch.count))}::bigint[],
        ${plainArray(appends.map(({ batch }) => batch.firstTime))}::timestamptz[],
        ${plainArray(appends.map(({ batch }) => batch.lastTime))}::timestamptz[]
      ) c
      ${ifFree}
    )
    ${isKeyed ? outcomes(keyed) : none}
    select
      c.channel,
      c.version,
      c.row_count,
      kronicle.rfc3339(c.first_time) as first_time,
      kronicle.rfc3339(c.last_time) as last_time
    from counted c
  `);
  return states.length === 0 ? { kind: "key_taken" } : { kind: "stored", states };
}

/** Claims the keys until the commit, and tells whether that worked for all, and nothing has been stored with any. */
function freeKeys(keyed: readonly KeyedRows[]): FragmentSqlToken {
  return sql.fragment`
    free as (
      select bool_and(k.is_claimed and k.fingerprint is null) as are_all
      from kronicle.claim_keys(${binaryArray(keyed.map(({ key }) => key.hash))}::bytea[]) k
    ),
  `;
}

function outcomes(keyed: readonly KeyedRows[]): FragmentSqlToken {
  return sql.fragment`,
    outcomes as (
      insert into kronicle.idempotency (
        key_hash, fingerprint, channel, is_created, inserted_rows, available_rows, requested_at,
        provided_rows, rejected_rows, faults, schema_version
      )
      select
        o.key_hash, o.fingerprint, o.channel, false, o.inserted_rows, c.row_count, to_timestamp(o.requested_at::numeric / 1000),
        o.provided_rows, o.rejected_rows, o.faults::jsonb, o.schema_version
      from unnest(
        ${binaryArray(keyed.map(({ key }) => key.hash))}::bytea[],
        ${binaryArray(keyed.map(({ key }) => key.fingerprint))}::bytea[],
        ${plainArray(keyed.map(({ channel }) => channel.id))}::integer[],
        ${plainArray(keyed.map(({ batch }) => batch.count))}::integer[],
        ${plainArray(keyed.map(({ requestedAt }) => requestedAt))}::bigint[],
        ${plainArray(keyed.map(({ report }) => report.provided))}::integer[],
        ${plainArray(keyed.map(({ report }) => report.rejected))}::integer[],
        ${quotedArray(keyed.map(({ report }) => toFaultsJson(report)))}::text[],
        ${plainArray(keyed.map(({ channel }) => channel.schema_version))}::integer[]
      ) as o (
        key_hash, fingerprint, channel, inserted_rows, requested_at, provided_rows, rejected_rows, faults, schema_version
      )
      join counted c on c.channel = o.channel
    )
  `;
}

function toFaultsJson(report: RowReport): string | null {
  const faults = toRecordedFaults(report);
  return faults && JSON.stringify(faults);
}
