/** In charge of the four database roles, one for each lane and one for sign-in. What each may do is the wall that stands even if the server is wrong. */
export const DATABASE_ROLES = ["reader", "writer", "admin", "auth"] as const;

export type DatabaseRole = (typeof DATABASE_ROLES)[number];

export type PerDatabaseRole<T> = Readonly<Record<DatabaseRole, T>>;

export function perDatabaseRole<T>(make: (role: DatabaseRole) => T): PerDatabaseRole<T> {
  return { reader: make("reader"), writer: make("writer"), admin: make("admin"), auth: make("auth") };
}

/** Their names in the cluster. Roles belong to the whole cluster, so they carry a prefix. */
export function databaseRoleNames(prefix: string): PerDatabaseRole<string> {
  return perDatabaseRole((role) => `${prefix}_${role}`);
}
