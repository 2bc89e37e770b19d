/** In charge of who asks, in operations that nobody reaches without a credential. */
import type { Principal } from "./principal.ts";

type Request = { readonly principal: Principal | null };

/** Fails closed: an operation that is open to all has nobody to ask about. */
export function requesterOf({ principal }: Request): Principal {
  if (!principal) throw new Error("an operation that needs to know who asks is open to all");
  return principal;
}
