import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import { type Column, schemaJson } from "../../columns/channel-schema.ts";
import type { Density } from "../chunk-interval.ts";

export type NewChannel = {
  readonly channelId: string | null;
  readonly name: string | null;
  readonly columns: readonly Column[];
  readonly columnInfo: object;
  readonly metadata: object;
  readonly tags: object;
  readonly density: Density;
};

/** Returns the internal id, or null when a live channel has this id or name. */
export function insertChannel(connection: CommonQueryMethods, channel: NewChannel, seriesTable: number): Promise<number | null> {
  return connection.oneFirst(sql.type(z.object({ id: z.int().nullable() }))`
    select kronicle.insert_channel(
      ${channel.channelId}::uuid,
      ${channel.name}::text,
      ${seriesTable}::integer,
      ${JSON.stringify(channel.columns)}::jsonb,
      ${schemaJson(channel.columns)}::json,
      ${JSON.stringify(channel.columnInfo)}::jsonb,
      ${JSON.stringify(channel.metadata)}::jsonb,
      ${JSON.stringify(channel.tags)}::jsonb,
      ${channel.density}::text
    ) as id
  `);
}
