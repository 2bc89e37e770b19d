/** Where the paths of a lane begin. */
export type Lane = "/api/v1" | "/data/v1" | "/setup/v1";

/** The lanes that rows can be written on. */
export type WritingLane = Exclude<Lane, "/api/v1">;
