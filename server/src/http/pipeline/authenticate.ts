/** In charge of who asks: nobody gets past without a valid credential where the contract asks for a role. Runs before a body is read. */
import type { RequestHandler } from "express";
import type { Identify } from "../../access/access.ts";
import { mayAct } from "../../access/role.ts";
import type { Observe } from "../../observation/observation.ts";
import { credentialInvalid, credentialUnreadable } from "../../problems/common.ts";
import { ProblemError } from "../../problems/problem-error.ts";
import { requestOperation, requestState } from "./request-state.ts";

/** RFC 6750: the scheme in any case, one space, a b64token. */
const BEARER = /^bearer ([A-Za-z0-9._~+/-]+=*)$/i;

/** No credential of ours is longer; more is not worth a hash. */
const MAX_CREDENTIAL_LENGTH = 4_096;

/** Those that other services ask for. Of anything else nothing is repeated: it may be a part of a secret. */
const OTHER_SCHEME = /^(api-?key|basic|digest|jwt|key|negotiate|oauth|token)(?=[ :=])/i;

function describeHeader(header: string, others: number): string {
  if (others > 0) return "There are several";
  const [scheme] = OTHER_SCHEME.exec(header) ?? [];
  if (scheme !== undefined) return `The scheme that was sent is ${scheme}`;
  return /^bearer\b/i.test(header) ? "What follows Bearer is no key or token" : "What was sent does not begin with Bearer";
}

export function authenticate(identify: Identify, observe: Observe): RequestHandler {
  return async (request, _response, next) => {
    const { role } = requestOperation(request);
    if (role === null) return next();

    // Node shows the first of several, and a proxy may have looked at another.
    const [header, ...others] = request.headersDistinct["authorization"] ?? [];
    if (header === undefined) {
      observe({ event: "credential_refused", request: requestState(request) });
      throw new ProblemError("credential_missing", "Send an API key or a token: Authorization: Bearer …", {
        headers: { "WWW-Authenticate": 'Bearer realm="kronicle"' },
      });
    }
    const credential = others.length === 0 && header.length <= MAX_CREDENTIAL_LENGTH ? BEARER.exec(header)?.[1] : undefined;
    const principal = credential === undefined ? null : await identify(credential);
    if (credential === undefined || !principal) {
      observe({ event: "credential_refused", request: requestState(request) });
      throw credential === undefined ? credentialUnreadable(describeHeader(header, others.length)) : credentialInvalid();
    }
    const state = requestState(request);
    state.principal = principal;
    state.isStillValid = async () => {
      const current = await identify(credential);
      return current !== null && current.id === principal.id && mayAct(current.role, role);
    };
    next();
  };
}
