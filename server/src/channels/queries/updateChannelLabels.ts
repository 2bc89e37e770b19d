import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";

export type Labels = { readonly columnInfo: object | null; readonly metadata: object | null; readonly tags: object | null };

/** Replaces each label that is not null. Returns the new version, or null when the channel is gone. */
export function updateChannelLabels(connection: CommonQueryMethods, channel: number, labels: Labels): Promise<number | null> {
  return connection.oneFirst(sql.type(z.object({ version: z.int().nullable() }))`
    select kronicle.update_channel_labels(
      ${channel}::integer,
      ${toJson(labels.columnInfo)}::jsonb,
      ${toJson(labels.metadata)}::jsonb,
      ${toJson(labels.tags)}::jsonb
    ) as version
  `);
}

function toJson(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
