/**
 * In charge of what the lines of a dump look like. It is NDJSON: a header, then for each channel its definition, a line for each row and a
 * line that closes it, and a line that closes the whole. Rows are arrays, everything else is an object.
 */
import { z } from "zod";
import { COLUMN_TYPES } from "../../columns/column-type.ts";
import type { Density } from "../../channels/chunk-interval.ts";
import { parseInstant } from "../../formats/instant.ts";

export const DUMP_FORMAT = 1;

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.string().refine((text) => parseInstant(text) !== null);
const json = z.record(z.string(), z.unknown());

const channel = z.strictObject({
  channel_id: z.uuid(),
  name: z.string().nullable(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.enum(COLUMN_TYPES), optional: z.boolean() })).min(1),
  column_info: json,
  metadata: json,
  tags: json,
  density: z.enum(["dense", "normal", "sparse"] satisfies Density[]),
  created_at: instant,
  updated_at: instant,
  version: z.int32().min(1),
});

/** Of any version: what it is for is told before anything else is looked at. */
export const anyHeader = z.looseObject({ kronicle_dump: z.int(), kronicle: z.string().max(64) });

export const header = z.strictObject({
  kronicle_dump: z.literal(DUMP_FORMAT),
  /** The version that wrote it. */
  kronicle: z.string(),
  created_at: instant,
  channels: count,
  rows: count,
});

export const channelLine = z.strictObject({ channel });

/** The hash is that of the lines of the channel before this one, its definition among them. */
export const channelEnd = z.strictObject({ end_of_channel: z.uuid(), rows: count, sha256 });

/** The hash is that of all lines before this one. */
export const dumpEnd = z.strictObject({ end_of_dump: z.literal(true), channels: count, rows: count, sha256 });

export type DumpHeader = z.infer<typeof header>;
export type ChannelDefinition = z.infer<typeof channel>;
export type DumpEnd = z.infer<typeof dumpEnd>;
