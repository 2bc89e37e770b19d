/** In charge of what may be shown of a user: everything but the hash of the password. */
import { sql } from "slonik";
import { z } from "zod";
import { ROLES } from "../../../access/role.ts";

export const userInfo = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  full_name: z.string().nullable(),
  orcid: z.string().nullable(),
  role: z.enum(ROLES),
  disabled: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});

export type UserInfo = z.infer<typeof userInfo>;

export const userFields = sql.fragment`
  u.id,
  u.email,
  u.name,
  u.full_name,
  u.orcid,
  u.role,
  u.disabled_at is not null as disabled,
  kronicle.rfc3339(u.created_at) as created_at,
  kronicle.rfc3339(u.updated_at) as updated_at
`;
