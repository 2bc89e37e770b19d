/** In charge of who asks, once that is known. */
import type { ChannelScope } from "./channel-scope.ts";
import type { Role } from "./role.ts";

/** The owner of a valid credential. */
export type Principal = {
  /** Safe to log: the id of the key or of the user, never the credential. */
  readonly id: string;
  /** Set when it is a user of ours, who signed in. */
  readonly userId: string | null;
  readonly role: Role;
  readonly scope: ChannelScope;
};

type Request = { readonly principal: Principal | null };

/** Fails closed: an operation that is open to all has no principal. */
export function requesterOf({ principal }: Request): Principal {
  if (!principal) throw new Error("an operation that needs to know who asks is open to all");
  return principal;
}
