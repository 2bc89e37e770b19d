/** In charge of what a caller may do: no operation without the role that the contract asks for. Runs before a body is read. */
import type { RequestHandler } from "express";
import type { DatabasePool } from "slonik";
import { mayAct } from "../../access/role.ts";
import { countAudit } from "../../audit/queries/countAudit.ts";
import type { Observe } from "../../observation/observation.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { requestOperation, requestState } from "./request-state.ts";

export function authorize(pool: DatabasePool, observe: Observe): RequestHandler {
  return async (request, _response, next) => {
    const { id, role } = requestOperation(request);
    if (role === null) return next();

    const state = requestState(request);
    const { principal, requestId } = state;
    if (!principal) throw new Error("nobody was authenticated: that step has to run first");
    if (mayAct(principal.role, role)) return next();

    const refusal = { actor: principal.id, action: "forbidden", target: id, requestId } as const;
    // A refusal stands, whether or not it could be written down.
    await countAudit(pool, refusal).catch((error: unknown) => observe({ event: "refusal_unaudited", request: state, error }));
    throw new ProblemError("role_too_low", `This operation needs the role ${role}; the credential has ${principal.role}.`);
  };
}
