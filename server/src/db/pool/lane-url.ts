import type { Config } from "../../config/config.ts";
import type { Lane } from "../../config/lane.ts";
import { splitUrls } from "../../config/split-urls.ts";
import { withRole } from "../with-role.ts";

/**
 * The way of a lane into a real server, or the ways. A login of the lane's own needs no role: it has one, and cannot take on another.
 */
export function laneUrl({ databaseUrl, laneUrls }: Pick<Config, "databaseUrl" | "laneUrls">, lane: Lane, role: string): string {
  const own = laneUrls[lane];
  if (own === null) return withRole(databaseUrl ?? "", role);
  return splitUrls(own)
    .map((url) => withRole(url, null))
    .join(",");
}
