/** In charge of how many requests a credential may send to a lane: a greedy one is told so, and does not slow the others. */
import type { RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import { ProblemError } from "../../problems/problem-error.ts";
import { requestOperation, requestState } from "./request-state.ts";

const WINDOW_MS = 1_000;

/** Its memory is bounded: only valid credentials are counted, and forgotten after the window. */
export function limitRate(maxPerSecond: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: maxPerSecond,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    // Its checks are about addresses of callers, which play no part here.
    validate: false,
    skip: (request) => requestState(request).principal === null,
    keyGenerator: (request) => `${requestState(request).principal?.id} ${laneOf(requestOperation(request).path)}`,
    handler: () => {
      throw new ProblemError(
        "rate_limited",
        `This credential may send ${maxPerSecond} requests a second to this lane. Send more rows in each request.`,
        { headers: { "Retry-After": "1" } },
      );
    },
  });
}

/** The first part of the path: `/data/v1/channels` is on the lane `data`. */
function laneOf(path: string): string | undefined {
  return path.split("/")[1];
}
