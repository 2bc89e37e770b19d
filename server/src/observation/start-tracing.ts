/**
 * In charge of collecting spans and sending them by OTLP over HTTP. This is the one file that loads the SDK of OpenTelemetry, and it is
 * only loaded when tracing is configured: without it the spans of the server and of Slonik cost nothing.
 */
import { context, diag, DiagLogLevel, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Logger } from "./logger.ts";
import { SERVER_VERSION } from "../config/version.ts";
import { createSampler } from "./create-sampler.ts";
import type { TracingConfig } from "../config/tracing-config.ts";

/** The SDK says the same every few seconds as long as its collector is gone, with the whole stack. */
const MAX_REASON_LENGTH = 200;

export type Tracing = {
  /** Sends what was collected, unless the collector takes longer than the configured time. */
  readonly stop: () => Promise<void>;
};

export function startTracing(config: TracingConfig, log: Logger): Tracing {
  const warn = (message: string) => log.warn({ reason: message.slice(0, MAX_REASON_LENGTH) }, "tracing");
  const ignore = () => {};
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );

  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "kronicle", "service.version": SERVER_VERSION }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    sampler: createSampler(config),
    spanProcessors: [new BatchSpanProcessor({ exporter: createExporter(config) })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);

  return {
    stop: () => provider.shutdown().catch((error: unknown) => warn(String(error))),
  };
}

function createExporter({ protocol, timeoutMs }: TracingConfig): SpanExporter {
  const options = { timeoutMillis: timeoutMs };
  return protocol === "http/json" ? new JsonExporter(options) : new ProtobufExporter(options);
}
