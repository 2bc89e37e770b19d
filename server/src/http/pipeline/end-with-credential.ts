/** In charge of answers that go on for minutes: one whose credential is revoked or expires meanwhile is broken off. */
import type { Response } from "express";
import type { Observe } from "../../observation/observation.ts";
import type { RequestState } from "./request-state.ts";

/** With the four seconds for which a credential is remembered, a revocation ends a stream within five. */
const CHECK_MS = 1_000;

/** Until the answer has ended. A reader that takes nothing is looked after, too: so it is a timer, and no step between two pieces. */
export function endWithCredential(state: RequestState, response: Response, observe: Observe): void {
  const { isStillValid } = state;
  if (isStillValid === null) return;
  const check = async () => {
    // That the database cannot be asked says nothing about a credential.
    if ((await isStillValid().catch(() => true)) || response.destroyed) return;
    observe({ event: "credential_refused", request: state });
    response.destroy();
  };
  const timer = setInterval(() => void check(), CHECK_MS);
  timer.unref();
  response.once("close", () => clearInterval(timer));
}
