/** In charge of what may be shown of a key: everything but its secret. */
import { sql } from "slonik";
import { z } from "zod";
import { ROLES } from "../../../access/role.ts";

export const keyInfo = z.object({
  key_id: z.string(),
  lane: z.enum(ROLES),
  label: z.string().nullable(),
  channels: z.array(z.string()).nullable(),
  tags: z.array(z.string()).nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

export type KeyInfo = z.infer<typeof keyInfo>;

export const keyFields = sql.fragment`
  k.key_id,
  k.lane,
  k.label,
  k.channels,
  k.tags,
  kronicle.rfc3339(k.created_at) as created_at,
  kronicle.rfc3339(k.expires_at) as expires_at,
  kronicle.rfc3339(k.revoked_at) as revoked_at,
  kronicle.rfc3339(k.last_used_at) as last_used_at
`;
