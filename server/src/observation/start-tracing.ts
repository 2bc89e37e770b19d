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
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Logger } from "../logger.ts";
import { SERVER_VERSION } from "../version.ts";
import { createSampler } from "./create-sampler.ts";
import type { TracingConfig } from "./tracing-config.ts";

/** A collector that is gone must not keep a server from stopping. */
const LAST_SPANS_MS = 3_000;

export type Tracing = {
  /** Sends what was collected, if the collector is there. */
  readonly stop: () => Promise<void>;
};

export function startTracing(config: TracingConfig, log: Logger): Tracing {
  const write = (level: "warn" | "error") => (message: string) => log[level]({ reason: message }, "tracing");
  const ignore = () => {};
  diag.setLogger(
    { error: write("error"), warn: write("warn"), info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );

  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "kronicle", "service.version": SERVER_VERSION }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })),
    sampler: createSampler(config),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: config.protocol === "http/json" ? new JsonExporter() : new ProtobufExporter() }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);

  return {
    stop: async () => {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, LAST_SPANS_MS);
      await Promise.race([provider.shutdown().catch(ignore), patience.promise]);
      clearTimeout(timer);
    },
  };
}
