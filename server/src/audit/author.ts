/** In charge of who did what an entry of the audit trail tells about. */
import { type Principal, requesterOf } from "../access/principal.ts";

/** The principal that acts, and its request. */
export type Author = { readonly actor: string; readonly requestId: string };

export function authorOf(request: { readonly principal: Principal | null; readonly requestId: string }): Author {
  return { actor: requesterOf(request).id, requestId: request.requestId };
}
