/** In charge of `kronicle keys …`. */
import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { ROLES } from "../access/role.ts";
import { readConfig } from "../config/config.ts";
import { keyInfo } from "../identity/keys/queries/key-info.ts";
import { callAsAdmin } from "./call-as-admin.ts";
import { print, table } from "./output.ts";

const createdKey = z.looseObject({ key: z.string() });

export function addKeys(program: Command): void {
  const keys = program.command("keys").description("API keys, for programs");

  keys
    .command("create")
    .description("make an API key and print it: it is shown this once")
    .addOption(new Option("--lane <lane>", "what it may do").choices(ROLES).makeOptionMandatory())
    .option("--label <text>", "what it is for")
    .option("--channel <id...>", "the only channels it may see; repeat it for more")
    .option("--tag <tag...>", "for a reader's key: only channels with this tag, such as room:lab")
    .option("--expires-at <time>", "when it ends, such as 2030-01-01T00:00:00Z")
    .option("--json", "print all that is known of it as JSON")
    .action(async ({ lane, label, channel: channels, tag: tags, expiresAt, ...options }) => {
      const body = { lane, label, channels, tags, expires_at: expiresAt };
      const created = createdKey.parse(
        await callAsAdmin(readConfig(process.env), { method: "POST", path: "/auth/v1/keys", body }),
      );
      print(created, created.key, options);
    });

  keys
    .command("list")
    .description("print the first 1,000 keys, without their secrets")
    .option("--json", "print all that is known of them as JSON")
    .action(async (options) => {
      const found = await callAsAdmin(readConfig(process.env), { method: "GET", path: "/auth/v1/keys?limit=1000" });
      const columns = ["key_id", "lane", "label", "created_at", "expires_at", "revoked_at", "last_used_at"] as const;
      print(found, table(columns, z.array(keyInfo).parse(found), "There are no keys."), options);
    });

  keys
    .command("rotate")
    .description("make a key in place of this one and print it; the old one ends some time later")
    .argument("<key-id>", "the part of the key behind its lane")
    .option("--overlap-seconds <n>", "for how long the old one is still taken; a day by default", wholeNumber)
    .option("--json", "print all that is known of the new key as JSON")
    .action(async (keyId, { overlapSeconds, ...options }) => {
      const path = `/auth/v1/keys/${encodeURIComponent(keyId)}/rotate`;
      const body = { overlap_seconds: overlapSeconds };
      const created = createdKey.parse(await callAsAdmin(readConfig(process.env), { method: "POST", path, body }));
      print(created, created.key, options);
    });

  keys
    .command("revoke")
    .description("end a key; it is refused within five seconds on every server")
    .argument("<key-id>", "the part of the key behind its lane")
    .option("--json", "print all that is known of it as JSON")
    .action(async (keyId, options) => {
      const path = `/auth/v1/keys/${encodeURIComponent(keyId)}`;
      const revoked = await callAsAdmin(readConfig(process.env), { method: "DELETE", path });
      print(revoked, `${keyId} is revoked.`, options);
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It has to be a whole number.");
  return Number(text);
}
