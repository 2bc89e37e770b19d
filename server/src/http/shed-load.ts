/**
 * In charge of more load than can be worked off: what would only wait, or keep others waiting, is turned away before anything is done for
 * it. That has to cost next to nothing, or turning away would be what the server is busy with; so it happens before the pipeline, and
 * outside of `reply`. Health checks are always answered.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { GatedPool } from "../db/gated-pool.ts";
import type { Lane, PerLane } from "../db/lane.ts";
import type { Logger } from "../logger.ts";
import type { ProblemCode } from "../problems/codes.ts";
import { problemBody } from "../problems/problem-body.ts";
import { countInLog } from "./count-in-log.ts";
import { cutOffUnread } from "./cut-off-unread.ts";

const RESOLUTION_MS = 20;
/** The mean of such a while tells a lasting delay from one request that took long. */
const WHILE_MS = 500;
/** By so much the share of requests that is turned away grows, or shrinks, with each while. All or nothing would swing between both. */
const STEP_UP = 0.2;
const STEP_DOWN = 0.1;
const LARGEST_SHARE = 0.9;

const SUMMED_MS = 10_000;

/** By the first part of the path. Whatever else there is needs no database. */
const LANES: Readonly<Record<string, Lane>> = { api: "reader", data: "writer", setup: "admin", auth: "auth", rbac: "auth" };

type Load = { readonly maxDelayMs: number; readonly pools: PerLane<GatedPool>; readonly log: Logger };

/** @param serve the pipeline, for what is not turned away. */
export function shedLoad({ maxDelayMs, pools, log }: Load, serve: RequestListener): RequestListener {
  const count = countInLog(log, "requests turned away by overload", SUMMED_MS);
  const coming: Record<Lane, number> = { reader: 0, writer: 0, admin: 0, auth: 0 };
  const isTooMuch = maxDelayMs === 0 ? () => false : createDelayWatch(maxDelayMs);

  return (request, response) => {
    const [, first = ""] = (request.url ?? "").split("/", 2);
    const lane = Object.hasOwn(LANES, first) ? LANES[first] : undefined;
    if (lane !== undefined && pools[lane].isFull(coming[lane])) {
      count();
      turnAway(
        request,
        response,
        "database_busy",
        "Too many requests are waiting for the database. Nothing was stored; try again.",
      );
    } else if (first !== "health" && isTooMuch()) {
      count();
      turnAway(
        request,
        response,
        "server_busy",
        "The server is behind with what it has accepted. Nothing was stored; try again.",
      );
    } else {
      // A body may take its time to come.
      if (lane !== undefined && !hasBody(request)) countWhileComing(coming, lane, response);
      serve(request, response);
    }
  };
}

/** Hundreds may come in one turn of the event loop, before the first of them reaches the gate. */
function countWhileComing(coming: Record<Lane, number>, lane: Lane, response: ServerResponse): void {
  let isCounted = true;
  coming[lane] += 1;
  const done = () => {
    if (isCounted) coming[lane] -= 1;
    isCounted = false;
  };
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
      share = isBehind ? Math.min(share + STEP_UP, LARGEST_SHARE) : Math.max(share - STEP_DOWN, 0);
      histogram.reset();
      since = now;
    }
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
}

function turnAway(request: IncomingMessage, response: ServerResponse, code: ProblemCode, detail: string): void {
  const requestId = randomUUID();
  const [instance = ""] = (request.url ?? "").split("?", 1);
  const text = JSON.stringify(problemBody({ code, detail, instance, requestId, errors: [] }));
  cutOffUnread(request, response);
  response.writeHead(503, {
    "Content-Type": "application/problem+json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Retry-After": "1",
    "X-Request-Id": requestId,
  });
  response.end(request.method === "HEAD" ? undefined : text);
}
