/** In charge of `kronicle users …`. */
import { randomBytes } from "node:crypto";
import { text as readAll } from "node:stream/consumers";
import { ROLES } from "../access/role.ts";
import { ConfigError, readConfig } from "../config.ts";
import { callAsAdmin } from "./call-as-admin.ts";
import type { Command } from "./command.ts";

const text = { type: "string" } as const;

export const userCommands: Readonly<Record<string, Command>> = {
  "users create": {
    usage: "--email E --role ROLE [--name N] [--password-stdin]",
    summary: "make a user; without --password-stdin a password is made and printed",
    options: { email: text, role: text, name: text, "password-stdin": { type: "boolean" } },
    words: 0,
    run: async ({ env, one }) => {
      const role = ROLES.find((candidate) => candidate === one("role"));
      if (!role) throw new ConfigError(`--role has to be one of ${ROLES.join(", ")}.`);
      const email = one("email");
      if (email === null) throw new ConfigError("--email is needed: it is what the user signs in with.");
      const given = one("password-stdin") === null ? null : (await readAll(process.stdin)).replace(/\r?\n$/, "");
      const password = given ?? randomBytes(18).toString("base64url");
      const body = { email, role, name: one("name") ?? undefined, password };
      await callAsAdmin(readConfig(env), { method: "POST", path: "/rbac/v1/users", body });
      return given === null ? password : `${email} can sign in.`;
    },
  },
  "users list": {
    usage: "",
    summary: "print the first 1,000 users as JSON",
    options: {},
    words: 0,
    run: async ({ env }) =>
      JSON.stringify(await callAsAdmin(readConfig(env), { method: "GET", path: "/rbac/v1/users?limit=1000" }), null, 2),
  },
};
