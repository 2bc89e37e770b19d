/** In charge of `kronicle db logins`: the SQL that gives each lane a login of its own, so that injected SQL could not change lanes. */
import { randomBytes } from "node:crypto";
import type { Command } from "@commander-js/extra-typings";
import { ConfigError, readConfig } from "../config/config.ts";
import { LANES, laneRoles, perLane } from "../config/lane.ts";
import { rolePrefixOf } from "../db/role-prefix.ts";
import { print } from "./print.ts";

export function addDb(program: Command): void {
  const db = program.command("db").description("logins of a database server of your own");

  db.command("logins")
    .description("print SQL that gives each lane a login of its own, and the settings that use them")
    .option("--json", "print them as JSON")
    .action((options) => {
      const { databaseUrl, rolePrefix } = readConfig(process.env);
      if (databaseUrl === null) throw new ConfigError("Set DATABASE_URL: the embedded database has no logins.");
      const roles = laneRoles(rolePrefix ?? rolePrefixOf(databaseUrl));
      const passwords = perLane(() => randomBytes(24).toString("base64url"));
      const statements = LANES.map(
        (lane) => `alter role "${roles[lane].replaceAll('"', '""')}" login password '${passwords[lane]}';`,
      );
      const settings = LANES.map((lane) => [
        `KRONICLE_${lane.toUpperCase()}_DATABASE_URL`,
        withLogin(databaseUrl, roles[lane], passwords[lane]),
      ]);
      const text = [
        "-- Run this once, after the first start has made the roles, as whoever DATABASE_URL logs in as, or as a superuser.",
        ...statements,
        "",
        "-- Then give these settings to each server. DATABASE_URL stays: it is used at the start, for migrations.",
        ...settings.map(([name, url]) => `-- ${name}=${url}`),
      ].join("\n");
      print({ statements, settings: Object.fromEntries(settings) }, text, options);
    });
}

function withLogin(databaseUrl: string, role: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}
