/** In charge of which spans are kept: those of requests, as the caller or the configuration wants them. */
import { type Context, SpanKind, trace } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { TracingConfig } from "../config/tracing-config.ts";

/** Slonik makes one for each step of ours in each statement; they last microseconds. */
const INTERCEPTOR = /^slonik\.interceptor\./;

export function createSampler({ sampler, ratio }: TracingConfig): Sampler {
  const wanted = standardSampler(sampler, ratio);
  return {
    shouldSample: (context: Context, traceId: string, name: string, kind: SpanKind, attributes, links) => {
      // Nothing but a request begins a trace: the polling that the server does for itself would bury them.
      const isOfRequest = kind === SpanKind.SERVER || trace.getSpanContext(context) !== undefined;
      return isOfRequest && !INTERCEPTOR.test(name)
        ? wanted.shouldSample(context, traceId, name, kind, attributes, links)
        : { decision: SamplingDecision.NOT_RECORD };
    },
    toString: () => `requests, ${wanted.toString()}`,
  };
}

function standardSampler(name: TracingConfig["sampler"], ratio: number): Sampler {
  switch (name) {
    case "always_on":
      return new AlwaysOnSampler();
    case "always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
      return new TraceIdRatioBasedSampler(ratio);
    case "parentbased_always_on":
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case "parentbased_always_off":
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case "parentbased_traceidratio":
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
