/** In charge of `kronicle keys …`. */
import { z } from "zod";
import { ROLES } from "../access/role.ts";
import { ConfigError, readConfig } from "../config.ts";
import { callAsAdmin } from "./call-as-admin.ts";
import type { Command } from "./command.ts";

const createdKey = z.object({ key: z.string() });

const text = { type: "string" } as const;
const texts = { type: "string", multiple: true } as const;

export const keyCommands: Readonly<Record<string, Command>> = {
  "keys create": {
    usage: "--lane LANE [--label L] [--channel ID …] [--tag TAG …] [--expires-at TIME]",
    summary: `make an API key and print it; LANE is ${ROLES.join(", ")}`,
    options: { lane: text, label: text, channel: texts, tag: texts, "expires-at": text },
    words: 0,
    run: async ({ env, one, all }) => {
      const lane = ROLES.find((role) => role === one("lane"));
      if (!lane) throw new ConfigError(`--lane has to be one of ${ROLES.join(", ")}.`);
      const body = {
        lane,
        label: one("label") ?? undefined,
        channels: all("channel") ?? undefined,
        tags: all("tag") ?? undefined,
        expires_at: one("expires-at") ?? undefined,
      };
      const created = await callAsAdmin(readConfig(env), { method: "POST", path: "/auth/v1/keys", body });
      return createdKey.parse(created).key;
    },
  },
  "keys list": {
    usage: "",
    summary: "print the first 1,000 keys as JSON, without their secrets",
    options: {},
    words: 0,
    run: async ({ env }) =>
      JSON.stringify(await callAsAdmin(readConfig(env), { method: "GET", path: "/auth/v1/keys?limit=1000" }), null, 2),
  },
  "keys rotate": {
    usage: "KEY_ID [--overlap-seconds N]",
    summary: "make a key in place of this one and print it; the old one ends after N seconds, a day by default",
    options: { "overlap-seconds": text },
    words: 1,
    run: async ({ env, args: [keyId = ""], one }) => {
      const seconds = one("overlap-seconds");
      const body = seconds === null ? {} : { overlap_seconds: Number(seconds) };
      const path = `/auth/v1/keys/${encodeURIComponent(keyId)}/rotate`;
      return createdKey.parse(await callAsAdmin(readConfig(env), { method: "POST", path, body })).key;
    },
  },
  "keys revoke": {
    usage: "KEY_ID",
    summary: "end a key; it is refused within five seconds on every server",
    options: {},
    words: 1,
    run: async ({ env, args: [keyId = ""] }) => {
      await callAsAdmin(readConfig(env), { method: "DELETE", path: `/auth/v1/keys/${encodeURIComponent(keyId)}` });
      return `${keyId} is revoked.`;
    },
  },
};
