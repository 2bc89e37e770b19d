/** In charge of who asks, in operations that nobody reaches without a credential. */
import type { Principal } from "./principal.ts";
import type { Author } from "../audit/author.ts";

type Request = { readonly principal: Principal | null; readonly requestId: string };

/** Fails closed: an operation that is open to all has nobody to ask about. */
export function requesterOf({ principal }: Pick<Request, "principal">): Principal {
  if (!principal) throw new Error("an operation that needs to know who asks is open to all");
  return principal;
}

export function authorOf(request: Request): Author {
  return { actor: requesterOf(request).id, requestId: request.requestId };
}
