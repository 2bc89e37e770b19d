import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { type Column, schemaJson } from "../../columns/channel-schema.ts";
import type { StoredChannel } from "./channel-definition.ts";

export type ChannelChange = {
  readonly name: string | null;
  readonly columnInfo: object;
  readonly metadata: object;
  readonly tags: object;
  /** Null keeps the columns. */
  readonly schema: { readonly columns: readonly Column[]; readonly seriesTable: number } | null;
};

/** Replaces the definition. False, and nothing is changed, when it is no longer the one that was read. */
export async function updateChannel(
  connection: CommonQueryMethods,
  { id, version }: Pick<StoredChannel, "id" | "version">,
  change: ChannelChange,
): Promise<boolean> {
  const schema = change.schema
    ? sql.fragment`,
        columns = ${JSON.stringify(change.schema.columns)}::jsonb,
        channel_schema = ${schemaJson(change.schema.columns)}::json,
        series_table = ${change.schema.seriesTable}::integer,
        schema_version = c.schema_version + 1`
    : sql.fragment``;
  const changed = await connection.maybeOne(sql.type(z.object({ id: z.int() }))`
    update kronicle.channel c
    set
      name = ${change.name}::text,
      column_info = ${JSON.stringify(change.columnInfo)}::jsonb,
      metadata = ${JSON.stringify(change.metadata)}::jsonb,
      tags = ${JSON.stringify(change.tags)}::jsonb,
      updated_at = now(),
      version = c.version + 1${schema}
    where c.id = ${id}::integer and c.version = ${version}::integer and c.deleted_at is null
    returning c.id
  `);
  return changed !== null;
}
