/**
 * In charge of the settings of tracing, by the names that OpenTelemetry gives them. Where spans go, with which headers and certificates, its
 * exporter reads by itself.
 */
import { z } from "zod";

/** Many programs share these variables: what they may hold is decided by OpenTelemetry, and case does not count. */
const word = <const Words extends readonly string[]>(...words: Words) => z.string().trim().toLowerCase().pipe(z.enum(words));

const SAMPLERS = [
  "always_on",
  "always_off",
  "traceidratio",
  "parentbased_always_on",
  "parentbased_always_off",
  "parentbased_traceidratio",
] as const;

/** OpenTelemetry says 10 s. A server whose collector is gone waits for it once more when it stops, and has to be done before it is killed. */
const DEFAULT_TIMEOUT_MS = 3_000;

const timeout = z.coerce.number().int().positive().optional();
const protocol = word("http/protobuf", "http/json").optional();

export const tracingEnvironment = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TIMEOUT: timeout,
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: timeout,
  OTEL_TRACES_SAMPLER: word(...SAMPLERS).default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
} as const;

export type TracingConfig = {
  readonly protocol: "http/protobuf" | "http/json";
  /** How long one delivery may take, with all its retries. */
  readonly timeoutMs: number;
  readonly sampler: (typeof SAMPLERS)[number];
  /** Of the traces that begin here, the share that is sent. */
  readonly ratio: number;
};

const settings = z.object(tracingEnvironment);

/** Whether there is an endpoint to send spans to, and nothing says not to. Otherwise no variable of OpenTelemetry is looked at. */
export function isTracingWanted(env: NodeJS.ProcessEnv): boolean {
  const isDisabled = env["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true" || env["OTEL_TRACES_EXPORTER"] === "none";
  return !isDisabled && Boolean(env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] || env["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}

export function toTracingConfig(set: z.infer<typeof settings>): TracingConfig {
  return {
    protocol: set.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? set.OTEL_EXPORTER_OTLP_PROTOCOL ?? "http/protobuf",
    timeoutMs: set.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? set.OTEL_EXPORTER_OTLP_TIMEOUT ?? DEFAULT_TIMEOUT_MS,
    sampler: set.OTEL_TRACES_SAMPLER,
    ratio: set.OTEL_TRACES_SAMPLER_ARG,
  };
}
