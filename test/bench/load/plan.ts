/** What the load process is told, and what it reports. */
import { z } from "zod";

const work = z.discriminatedUnion("kind", [
  /** GETs of these paths, in turn. */
  z.object({ kind: z.literal("get"), paths: z.array(z.string()).readonly() }),
  /** Appends to these paths, in turn; no two rows have the same time. */
  z.object({
    kind: z.literal("append"),
    paths: z.array(z.string()).readonly(),
    rowsPerRequest: z.int(),
    /** Time of the first row, in milliseconds since 1970. Each further row is a millisecond later. */
    startMs: z.int(),
    isKeyed: z.boolean(),
  }),
  z.object({ kind: z.literal("create"), path: z.string() }),
]);

export const loadPlan = z.object({
  url: z.string(),
  token: z.string(),
  connections: z.int(),
  /** How many requests to send altogether. */
  requests: z.int(),
  /** Requests that are begun in a second over all connections; null sends each as soon as the one before it is answered. */
  perSecond: z.number().nullable(),
  work,
});

export type LoadPlan = z.infer<typeof loadPlan>;

export const loadReport = z.object({
  /** From the first request to the last answer. Connecting and making the requests is not counted. */
  seconds: z.number(),
  /** How often each status was answered. */
  statuses: z.record(z.string(), z.int()),
  /** Milliseconds from request to answer, of the answers with 2xx. */
  p50: z.number(),
  p99: z.number(),
  bytes: z.int(),
});

export type LoadReport = z.infer<typeof loadReport>;
