import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { type Column, schemaJson } from "../../../columns/channel-schema.ts";

/**
 * Stores a definition from a dump, marked as deleted so that nobody sees it, and returns its internal id. The labels go from the dump to
 * the table without being parsed in between.
 */
export function insertHiddenChannel(
  connection: CommonQueryMethods,
  line: string,
  columns: readonly Column[],
  seriesTable: number,
): Promise<number> {
  return connection.oneFirst(sql.type(z.object({ id: z.int() }))`
    insert into kronicle.channel (
      channel_id, name, series_table, columns, channel_schema, column_info, metadata, tags, density, created_at, updated_at, version,
      deleted_at
    )
    select
      (d.channel ->> 'channel_id')::uuid,
      d.channel ->> 'name',
      ${seriesTable}::integer,
      ${JSON.stringify(columns)}::jsonb,
      ${schemaJson(columns)}::json,
      (d.channel -> 'column_info')::jsonb,
      (d.channel -> 'metadata')::jsonb,
      (d.channel -> 'tags')::jsonb,
      d.channel ->> 'density',
      (d.channel ->> 'created_at')::timestamptz,
      (d.channel ->> 'updated_at')::timestamptz,
      (d.channel ->> 'version')::integer,
      now()
    from (select ${line}::json -> 'channel' as channel) d
    returning id
  `);
}
