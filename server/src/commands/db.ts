/** In charge of `kronicle db logins`: the SQL that gives each database role a login of its own, so that injected SQL could not change roles. */
import { randomBytes } from "node:crypto";
import type { Command } from "@commander-js/extra-typings";
import { readConfig } from "../config/config.ts";
import { EXIT, OperatorError } from "../config/operator-error.ts";
import { DATABASE_ROLES, databaseRoleNames, perDatabaseRole, rolePrefixOf } from "../config/database-role.ts";
import { print } from "./output.ts";

export function addDb(program: Command): void {
  const db = program.command("db").description("logins of a database server of your own");

  db.command("logins")
    .description("print SQL that gives each database role a login of its own, and the settings that use them")
    .option("--json", "print them as JSON")
    .action((options) => {
      const { databaseUrl, rolePrefix } = readConfig(process.env);
      if (databaseUrl === null) throw new OperatorError(EXIT.config, "Set DATABASE_URL: the embedded database has no logins.");
      const roles = databaseRoleNames(rolePrefix ?? rolePrefixOf(databaseUrl));
      const passwords = perDatabaseRole(() => randomBytes(24).toString("base64url"));
      const statements = DATABASE_ROLES.map(
        (role) => `alter role "${roles[role].replaceAll('"', '""')}" login password '${passwords[role]}';`,
      );
      const settings = DATABASE_ROLES.map((role) => [
        `KRONICLE_${role.toUpperCase()}_DATABASE_URL`,
        withLogin(databaseUrl, roles[role], passwords[role]),
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
