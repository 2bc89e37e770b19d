/** In charge of `kronicle users …`. */
import { randomBytes } from "node:crypto";
import { text as readAll } from "node:stream/consumers";
import { type Command, Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { ROLES } from "../access/role.ts";
import { readConfig } from "../config/config.ts";
import { userInfo } from "../identity/users/queries/user-info.ts";
import { callAsAdmin } from "./call-as-admin.ts";
import { print, printable, table } from "./output.ts";

export function addUsers(program: Command): void {
  const users = program.command("users").description("people who sign in with a password");

  users
    .command("create")
    .description("make a user; without --password-stdin a password is made and printed")
    .requiredOption("--email <address>", "what the user signs in with")
    .addOption(new Option("--role <role>", "what the user may do").choices(ROLES).makeOptionMandatory())
    .option("--name <name>", "another name to sign in with")
    .option("--password-stdin", "read the password from stdin")
    .option("--json", "print all that is known of the user, and a password that was made, as JSON")
    .action(async ({ passwordStdin, email, role, name, ...options }) => {
      const given = passwordStdin ? (await readAll(process.stdin)).replace(/\r?\n$/, "") : null;
      const password = given ?? randomBytes(18).toString("base64url");
      const body = { email, role, name, password };
      const answer = await callAsAdmin(readConfig(process.env), { method: "POST", path: "/rbac/v1/users", body });
      const user = z.looseObject({}).parse(answer);
      print(
        given === null ? { ...user, password } : user,
        given === null ? password : printable(`${email} can sign in.`),
        options,
      );
    });

  users
    .command("list")
    .description("print the first 1,000 users")
    .option("--json", "print all that is known of them as JSON")
    .action(async (options) => {
      const found = await callAsAdmin(readConfig(process.env), { method: "GET", path: "/rbac/v1/users?limit=1000" });
      const columns = ["id", "email", "name", "role", "disabled", "created_at"] as const;
      print(found, table(columns, z.array(userInfo).parse(found), "There are no users."), options);
    });
}
