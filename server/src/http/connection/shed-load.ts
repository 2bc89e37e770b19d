/**
 * In charge of more load than can be worked off: what would only wait, or keep others waiting, is turned away before anything is done for
 * it. That has to cost next to nothing, or turning away would be what the server is busy with; so it happens before the pipeline, and
 * outside of `reply`. Health checks are always answered.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { STRANGERS, THE_SERVER, workFor } from "../../db/pool/caller.ts";
import type { IsProven } from "../../access/access.ts";
import type { GatedPool } from "../../db/pool/gated-pool.ts";
import type { DatabaseRole, PerDatabaseRole } from "../../config/database-role.ts";
import type { Observe } from "../../observation/observation.ts";
import { mayChange, retryAdvice } from "../../problems/common.ts";
import { problemBody } from "../../problems/problem-body.ts";
import { cutOffUnread } from "./cut-off.ts";
import { newTraceId } from "../../formats/trace-context.ts";

const RESOLUTION_MS = 20;
/** The mean of such a while tells a lasting delay from one request that took long. */
const WHILE_MS = 500;
/** By so much the share of requests that is turned away grows, or shrinks, with each while. All or nothing would swing between both. */
const STEP_UP = 0.2;
const STEP_DOWN = 0.1;
const MAX_SHARE = 0.9;

/** By the first part of the path. Whatever else there is needs no database. */
const ROLE_OF_LANE: Readonly<Record<string, DatabaseRole>> = {
  api: "reader",
  data: "writer",
  setup: "admin",
  auth: "auth",
  rbac: "auth",
};

/** By the first part of the path, too. Operators look at them most when there is too much to do. */
const ALWAYS_ANSWERED: ReadonlySet<string> = new Set(["health", "metrics"]);

const STATUS = 503;
const DETAILS = {
  database_busy: "Too many requests are waiting for the database.",
  server_busy: "The server is behind with what it has accepted.",
} as const;

type Load = {
  readonly maxDelayMs: number;
  readonly pools: PerDatabaseRole<GatedPool>;
  readonly isProven: IsProven;
  readonly observe: Observe;
};

/** @param serve the pipeline, for what is not turned away. */
export function shedLoad({ maxDelayMs, pools, isProven, observe }: Load, serve: RequestListener): RequestListener {
  const coming: PerDatabaseRole<ComingCounts> = {
    reader: createCounts(),
    writer: createCounts(),
    admin: createCounts(),
    auth: createCounts(),
  };
  const isTooMuch = maxDelayMs === 0 ? () => false : createDelayWatch(maxDelayMs);

  const turnAway = (request: IncomingMessage, response: ServerResponse, code: keyof typeof DETAILS) => {
    observe({ event: "request_turned_away", code, status: STATUS });
    sendRefusal(request, response, code);
  };

  return (request, response) => {
    const [, first = ""] = (request.url ?? "").split("/", 2);
    const role = Object.hasOwn(ROLE_OF_LANE, first) ? ROLE_OF_LANE[first] : undefined;
    const caller = callerOf(request, isProven);
    if (role !== undefined && isFull(pools[role], coming[role], caller)) return turnAway(request, response, "database_busy");
    if (!ALWAYS_ANSWERED.has(first) && isTooMuch()) return turnAway(request, response, "server_busy");
    // A body may take its time to come.
    if (role !== undefined && !hasBody(request)) countWhileComing(coming[role], caller, response);
    workFor(caller, serve, request, response);
  };
}

/**
 * Who asks, as far as that is known before anything is looked up: whatever follows the scheme of the credential. Those without a credential are
 * one caller, and so are those with one that has not been valid before.
 */
function callerOf({ headers: { authorization } }: IncomingMessage, isProven: IsProven): string {
  if (authorization === undefined) return THE_SERVER;
  const credential = authorization.slice(authorization.indexOf(" ") + 1);
  return isProven(credential) ? credential : STRANGERS;
}

type ComingCounts = { total: number; readonly byCaller: Map<string, number> };

function createCounts(): ComingCounts {
  return { total: 0, byCaller: new Map() };
}

function isFull(pool: GatedPool, { total, byCaller }: ComingCounts, caller: string): boolean {
  return pool.isFull({ total, own: byCaller.get(caller) ?? 0, callers: byCaller.size }, caller);
}

/** Hundreds may come in one turn of the event loop, before the first of them reaches the gate. */
function countWhileComing(counts: ComingCounts, caller: string, response: ServerResponse): void {
  const count = (more: number) => {
    const own = (counts.byCaller.get(caller) ?? 0) + more;
    counts.total += more;
    if (own === 0) counts.byCaller.delete(caller);
    else counts.byCaller.set(caller, own);
  };
  let isCounted = true;
  const done = () => {
    if (isCounted) count(-1);
    isCounted = false;
  };
  count(1);
  response.once("close", done);
  // A stream is read as slowly as its reader likes.
  response.once("pipe", done);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

/** Whether to turn this one away: a share of all, which follows the delay of the event loop. */
function createDelayWatch(maxDelayMs: number): () => boolean {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let since = performance.now();
  let share = 0;
  let due = 0;

  return () => {
    const now = performance.now();
    if (now - since >= WHILE_MS) {
      // What is recorded is the time between two looks.
      const isBehind = histogram.count > 0 && histogram.mean / 1e6 - RESOLUTION_MS > maxDelayMs;
      share = isBehind ? Math.min(share + STEP_UP, MAX_SHARE) : Math.max(share - STEP_DOWN, 0);
      histogram.reset();
      since = now;
    }
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
}

function sendRefusal(request: IncomingMessage, response: ServerResponse, code: keyof typeof DETAILS): void {
  const requestId = randomUUID();
  const [instance = ""] = (request.url ?? "").split("?", 1);
  const detail = `${DETAILS[code]} ${retryAdvice(mayChange(request.method))}`;
  const problem = problemBody({ code, detail, instance, requestId, traceId: newTraceId(), errors: [] });
  const text = JSON.stringify(problem);
  cutOffUnread(request, response);
  response.writeHead(STATUS, {
    "Content-Type": "application/problem+json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Retry-After": "1",
    "X-Request-Id": requestId,
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
