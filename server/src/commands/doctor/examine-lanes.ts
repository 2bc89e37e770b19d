/** In charge of the logins of the lanes: that each gets in as its role, and whether it could become another. */
import { type CommonQueryMethods, sql } from "slonik";
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { createLanePool } from "../../db/pool/create-lane-pool.ts";
import { LANES, type Lane, type PerLane } from "../../config/lane.ts";
import { laneUrl } from "../../db/pool/lane-url.ts";
import { canSwitchRole } from "../../db/queries/canSwitchRole.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const NAME = "lane logins";
const STATEMENT_TIMEOUT_MS = 10_000;

/** Of a native database whose roles are there. */
export async function examineLanes(config: Config, roles: PerLane<string>): Promise<Check[]> {
  const found = await Promise.all(LANES.map((lane) => examineLane(config, lane, roles)));
  const faults = found.flatMap((outcome) => (typeof outcome === "boolean" ? [] : [outcome]));
  if (faults.length > 0) return faults;
  return found.includes(true)
    ? [
        warn(
          NAME,
          "one login serves more than one lane, so SQL that got into a statement could change lanes",
          'Give each lane a login of its own: "kronicle db logins" prints what is needed.',
        ),
      ]
    : [ok(NAME, "each lane has its own, and none can become another")];
}

/** Whether the login of the lane could become another; or what keeps it from being its own. */
async function examineLane(config: Config, lane: Lane, roles: PerLane<string>): Promise<boolean | Check> {
  const setting = config.laneUrls[lane] === null ? "DATABASE_URL" : `KRONICLE_${lane.toUpperCase()}_DATABASE_URL`;
  try {
    const pool = await createLanePool(laneUrl(config, lane, roles[lane]), { size: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
    try {
      if (!(await actsAs(pool, roles[lane]))) {
        return fail(
          NAME,
          `the login of ${setting} does not act as ${roles[lane]}`,
          `Set ${setting} to a login of the ${lane} lane.`,
        );
      }
      return await canSwitchRole(pool, roles);
    } finally {
      await pool.end();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(NAME, `the ${lane} lane is not let in: ${reason}`, `Check address, name and password in ${setting}.`);
  }
}

function actsAs(connection: CommonQueryMethods, role: string): Promise<boolean> {
  return connection.oneFirst(sql.type(z.object({ acts: z.boolean() }))`select current_user = ${role} as acts`);
}
