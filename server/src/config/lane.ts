/** In charge of the four lanes into the database. Each has a role of its own: the wall that stands even if the server is wrong. */
export const LANES = ["reader", "writer", "admin", "auth"] as const;

export type Lane = (typeof LANES)[number];

export type PerLane<T> = Readonly<Record<Lane, T>>;

export function perLane<T>(make: (lane: Lane) => T): PerLane<T> {
  return { reader: make("reader"), writer: make("writer"), admin: make("admin"), auth: make("auth") };
}

/** Names of the roles. They belong to the whole cluster, so they carry a prefix. */
export function laneRoles(prefix: string): PerLane<string> {
  return perLane((lane) => `${prefix}_${lane}`);
}
