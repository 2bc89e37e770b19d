export const LANES = ["reader", "writer", "admin", "auth"] as const;

export type Lane = (typeof LANES)[number];
