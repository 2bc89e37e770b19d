/** In charge of what is remembered of an append by its key. */
import { z } from "zod";

export const recordedOutcome = z.object({
  fingerprint: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  channel: z.int(),
  is_created: z.boolean(),
  inserted_rows: z.int(),
  available_rows: z.coerce.number().int(),
  /** What rows without a time got as theirs, in milliseconds since 1970. */
  requested_at: z.coerce.number().int(),
});

export type RecordedOutcome = z.infer<typeof recordedOutcome>;

export type NewRecordedOutcome = Omit<RecordedOutcome, "fingerprint"> & {
  readonly keyHash: Buffer;
  readonly fingerprint: Buffer;
};
