/** In charge of where a group commit shows in the traces of those who share it. */
import { context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("kronicle");

/** The work belongs to the trace of the first request of the group that is traced; the others are linked with it, both ways. */
export function inGroupSpan<T>(requests: readonly (Span | undefined)[], work: () => Promise<T>): Promise<T> {
  const [first, ...others] = requests.flatMap((span) => (span?.isRecording() ? [span] : []));
  // The context at this point is that of a request of the group before.
  if (!first) return context.with(ROOT_CONTEXT, work);

  const links = others.map((span) => ({ context: span.spanContext() }));
  const attributes = { "kronicle.group.appends": requests.length };
  return tracer.startActiveSpan("store group", { links, attributes }, trace.setSpan(ROOT_CONTEXT, first), async (group) => {
    for (const span of others) span.addLink({ context: group.spanContext() });
    try {
      return await work();
    } catch (error) {
      group.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      group.end();
    }
  });
}
