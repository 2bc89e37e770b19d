/** In charge of the place of a collector of traces: takes what is sent by OTLP over HTTP, and keeps it. */
import { once } from "node:events";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { z } from "zod";

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.int(),
  attributes: z.array(attribute),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.int().optional() }),
});
const body = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

type Attributes = Readonly<Record<string, unknown>>;

type ReceivedSpan = Omit<z.infer<typeof span>, "attributes"> & {
  readonly attributes: Attributes;
  readonly resource: Attributes;
};

type Delivery = {
  readonly path: string;
  readonly contentType: string;
  readonly header: string | undefined;
  readonly bytes: Buffer;
};

export type OtlpReceiver = AsyncDisposable & {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** What was sent as JSON. */
  readonly spans: () => readonly ReceivedSpan[];
};

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const { url: path = "", headers } = request;
    const header = headers["x-collector-token"]?.toString();
    deliveries.push({ path, contentType: headers["content-type"] ?? "", header, bytes: await buffer(request) });
    response
      .setHeader("Content-Type", headers["content-type"] ?? "")
      .end(headers["content-type"] === "application/json" ? "{}" : "");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    deliveries,
    spans: () =>
      deliveries.filter(({ contentType }) => contentType === "application/json").flatMap(({ bytes }) => readSpans(bytes)),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

function readSpans(bytes: Buffer): ReceivedSpan[] {
  return body
    .parse(JSON.parse(bytes.toString("utf8")))
    .resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map((each) => ({ ...each, attributes: toRecord(each.attributes), resource: toRecord(resource.attributes) })),
      ),
    );
}

function toRecord(attributes: readonly z.infer<typeof attribute>[]): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
