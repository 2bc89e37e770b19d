import type { ChannelScope } from "./channel-scope.ts";
import type { Role } from "./role.ts";

/** Who asks: the owner of a valid credential. */
export type Principal = {
  /** Safe to log: the id of the key or of the user, never the credential. */
  readonly id: string;
  /** Set when it is a user of ours, who signed in. */
  readonly userId: string | null;
  readonly role: Role;
  readonly scope: ChannelScope;
};
