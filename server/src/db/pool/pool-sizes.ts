import type { Config } from "../../config/config.ts";
import type { PerLane } from "../../config/lane.ts";

/** Most connections that a server opens for each lane. */
export function poolSizes({ poolSize }: Pick<Config, "poolSize">): PerLane<number> {
  return { reader: poolSize, writer: poolSize, admin: 4, auth: 2 };
}
