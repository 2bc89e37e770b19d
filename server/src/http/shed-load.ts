/**
 * In charge of more load than the process can keep up with: while its event loop is too far behind, requests are turned away before
 * anything is done for them, so that those it has accepted are answered in time. Health checks are always answered.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { RequestHandler } from "express";
import { ProblemError } from "../problems/problem-error.ts";
import { requestOperation } from "./request-state.ts";

const RESOLUTION_MS = 20;
/** The mean of such a while tells a lasting delay from one request that took long. */
const WHILE_MS = 500;

const ALWAYS_ANSWERED = "/health/";

export function shedLoad(mostDelayMs: number): RequestHandler {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let since = performance.now();
  let delayMs = 0;

  const lookAgain = (now: number) => {
    // What is recorded is the time between two looks.
    delayMs = histogram.count === 0 ? 0 : histogram.mean / 1e6 - RESOLUTION_MS;
    histogram.reset();
    since = now;
  };

  return (request, _response, next) => {
    const now = performance.now();
    if (now - since >= WHILE_MS) lookAgain(now);
    if (delayMs > mostDelayMs && !requestOperation(request).path.startsWith(ALWAYS_ANSWERED)) {
      throw new ProblemError(
        "server_busy",
        "The server is behind with the requests that it has accepted. Nothing was stored; try again.",
      );
    }
    next();
  };
}
