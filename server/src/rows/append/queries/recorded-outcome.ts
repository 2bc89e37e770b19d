/** In charge of what is recorded of an append by its key. */
import { z } from "zod";

const fault = z.object({ pointer: z.string().exactOptional(), code: z.string(), detail: z.string() });

export const recordedOutcome = z.object({
  fingerprint: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  channel: z.int(),
  is_created: z.boolean(),
  inserted_rows: z.int(),
  available_rows: z.coerce.number().int(),
  /** What rows without a time got as theirs, in milliseconds since 1970. */
  requested_at: z.coerce.number().int(),
  /** Null for what was stored before these were recorded. */
  provided_rows: z.int().nullable(),
  rejected_rows: z.int().nullable(),
  /** Null also when there were none. */
  faults: z.array(fault).nullable(),
  /** By which the rows were read. */
  schema_version: z.int().nullable(),
});

export type RecordedOutcome = z.infer<typeof recordedOutcome>;

export type NewRecordedOutcome = Omit<RecordedOutcome, "fingerprint"> & {
  readonly keyHash: Buffer;
  readonly fingerprint: Buffer;
};
