/** In charge of `kronicle db logins`: the SQL that gives each lane a login of its own, so that injected SQL could not change lanes. */
import { randomBytes } from "node:crypto";
import { ConfigError, readConfig } from "../config.ts";
import { LANES, laneRoles, perLane } from "../db/lane.ts";
import { rolePrefixOf } from "../db/role-prefix.ts";
import type { Command } from "./command.ts";

export const databaseCommands: Readonly<Record<string, Command>> = {
  "db logins": {
    usage: "",
    summary: "print SQL that gives each lane a login of its own, and the settings that use them",
    options: {},
    words: 0,
    run: async ({ env }) => {
      const config = readConfig(env);
      if (config.databaseUrl === null) throw new ConfigError("Set DATABASE_URL: the embedded database has no logins.");
      const roles = laneRoles(config.rolePrefix ?? rolePrefixOf(config.databaseUrl));
      const passwords = perLane(() => randomBytes(24).toString("base64url"));
      const urls = perLane((lane) => withLogin(config.databaseUrl ?? "", roles[lane], passwords[lane]));
      return [
        "-- Run this once, after the first start has made the roles, as whoever DATABASE_URL logs in as, or as a superuser.",
        ...LANES.map((lane) => `alter role "${roles[lane].replaceAll('"', '""')}" login password '${passwords[lane]}';`),
        "",
        "-- Then give these settings to each server. DATABASE_URL stays: it is used at the start, for migrations.",
        ...LANES.map((lane) => `-- KRONICLE_${lane.toUpperCase()}_DATABASE_URL=${urls[lane]}`),
      ].join("\n");
    },
  },
};

function withLogin(databaseUrl: string, role: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}
