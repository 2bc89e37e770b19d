/** In charge of the order of the roles. A higher role may use a lower lane. */
export const ROLES = ["reader", "writer", "admin"] as const;

export type Role = (typeof ROLES)[number];

export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
