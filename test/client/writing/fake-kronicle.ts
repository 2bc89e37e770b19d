/** In charge of a service that stores rows as Kronicle does, by idempotency keys, and fails in every way that servers and networks fail. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { startHttpServer } from "../http-server.ts";

export type FakeRow = {
  readonly n: number;
  readonly time?: Date | string | undefined;
  readonly isBad?: boolean;
  readonly day?: number;
};

/** What becomes of one append: `after` is after the commit, so that only the answer is lost. */
export const FAULTS = [
  "status 408",
  "status 429",
  "status 500",
  "status 503",
  "still running",
  "page of a proxy",
  "page with a success",
  "reset",
  "reset after",
  "cut off after",
  "cut off politely after",
  "silent",
  "silent after",
] as const;
type Fault = (typeof FAULTS)[number];

export type FakeOptions = {
  /** For the appends in turn; after the last there is none, unless it stays. */
  readonly faults?: readonly Fault[];
  readonly lastFaultStays?: boolean;
  /** So many rows are too much for one request. */
  readonly mostRows?: number;
  /** So many days are. */
  readonly mostDays?: number;
  /** So many faults one answer lists. */
  readonly mostFaults?: number;
};

export type FakeRequest = { readonly key: string; readonly body: string; readonly rows: readonly FakeRow[] };

const CHANNEL = { channel_id: "6e8bc430-9c3a-4f5c-8d2e-2f1c9a7b4d10", channel_schema: { time: "datetime", n: "int" } };

export async function startFakeKronicle({
  faults = [],
  lastFaultStays = false,
  mostRows = Infinity,
  mostDays = Infinity,
  mostFaults = 100,
}: FakeOptions = {}) {
  const stored: FakeRow[] = [];
  const requests: FakeRequest[] = [];
  const bodies = new Map<string, string>();
  const running = { now: 0, most: 0 };
  const hold: { until: Promise<void> | null } = { until: null };

  /** The answer of a service that works. */
  function store({ key, body, rows }: FakeRequest): { status: number; body: object } {
    const seen = bodies.get(key);
    if (seen !== undefined && seen !== body) return problem(422, "idempotency_key_reused");
    const bad = rows.flatMap(({ isBad }, index) => (isBad ? [{ pointer: `/rows/${index}/n`, code: "bad", detail: "bad" }] : []));
    if (seen === undefined) {
      if (rows.length > mostRows) return problem(413, "body_too_large");
      if (bad.length > 0) return problem(400, "row_invalid", bad.slice(0, mostFaults));
      if (new Set(rows.map(({ day = 0 }) => day)).size > mostDays) return problem(400, "too_many_chunks");
      bodies.set(key, body);
      stored.push(...rows);
    }
    return { status: 200, body: { ...CHANNEL, op_details: { inserted_rows: rows.length } } };
  }

  async function append(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { rows }: { rows: FakeRow[] } = JSON.parse(body);
    const asked = { key: String(request.headers["idempotency-key"]), body, rows };
    const fault = faults[lastFaultStays ? Math.min(requests.length, faults.length - 1) : requests.length];
    requests.push(asked);
    await hold.until;
    switch (fault) {
      case "status 408":
      case "status 429":
      case "status 500":
      case "status 503":
        return send(response, problem(Number(fault.slice(7)), "server_fault"), { "Retry-After": "0" });
      case "still running":
        return send(response, problem(409, "idempotency_in_progress"), { "Retry-After": "0" });
      case "page of a proxy":
        return void response.writeHead(502, { "Content-Type": "text/html" }).end("<html>");
      case "page with a success":
        return void response.writeHead(200, { "Content-Type": "text/html" }).end("<html>");
      case "reset":
        return void response.destroy();
      case "silent":
        return;
      default:
    }
    const answer = store(asked);
    const json = JSON.stringify(answer.body);
    switch (fault) {
      case "reset after":
        return void response.destroy();
      case "silent after":
        return;
      case "cut off after":
        response.writeHead(answer.status, { "Content-Type": "application/json", "Content-Length": json.length });
        return void response.write(json.slice(0, 20), () => response.destroy());
      case "cut off politely after":
        return void response.writeHead(answer.status, { "Content-Type": "application/json" }).end(json.slice(0, 20));
      default:
        send(response, answer);
    }
  }

  const server = await startHttpServer(async (request, response) => {
    if (request.method === "GET") return send(response, { status: 200, body: CHANNEL });
    running.most = Math.max(running.most, ++running.now);
    response.on("close", () => running.now--);
    await append(request, response);
  });
  return { ...server, stored, requests, running, hold };
}

function problem(status: number, code: string, errors: readonly object[] = []) {
  return { status, body: { type: "/", title: "No", status, detail: "No.", instance: "/", code, request_id: "1", errors } };
}

function send(response: ServerResponse, { status, body }: { status: number; body: object }, headers: object = {}): void {
  const type = status === 200 ? "application/json" : "application/problem+json";
  response.writeHead(status, { "Content-Type": type, ...headers }).end(JSON.stringify(body));
}
