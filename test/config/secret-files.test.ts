import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Config, readConfig } from "../../server/src/config/config.ts";
import { refusalOf } from "./refusal-of.ts";

const directory = mkdtempSync(join(tmpdir(), "kronicle-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** What each secret is when it is well-formed, and where it is found then. */
const SECRETS: readonly (readonly [name: string, value: string, read: (config: Config) => unknown])[] = [
  ["DATABASE_URL", "postgres://owner:hunter2@db/x", (config) => config.databaseUrl],
  ["KRONICLE_READER_DATABASE_URL", "postgres://reader:hunter2@db/x", (config) => config.roleUrls.reader],
  ["KRONICLE_WRITER_DATABASE_URL", "postgres://writer:hunter2@db/x", (config) => config.roleUrls.writer],
  ["KRONICLE_ADMIN_DATABASE_URL", "postgres://admin:hunter2@db/x", (config) => config.roleUrls.admin],
  ["KRONICLE_AUTH_DATABASE_URL", "postgres://auth:hunter2@db/x", (config) => config.roleUrls.auth],
  ["KRONICLE_READER_KEY", `hunter2${"r".repeat(32)}`, (config) => config.staticKeys.reader],
  ["KRONICLE_WRITER_KEY", `hunter2${"w".repeat(32)}`, (config) => config.staticKeys.writer],
  ["KRONICLE_ADMIN_KEY", `hunter2${"a".repeat(32)}`, (config) => config.staticKeys.admin],
  ["KRONICLE_FIRST_ADMIN_PASSWORD", "hunter2 hunter2", (config) => config.firstAdmin?.password],
];

/** What some of them do not make sense without. */
const DATABASE = { DATABASE_URL: "postgres://owner@db/x" };
const EMAIL = { KRONICLE_FIRST_ADMIN_EMAIL: "ada@example.org" };

function environmentWith(settings: Readonly<Record<string, string>>, name: string): NodeJS.ProcessEnv {
  return { ...(name.endsWith("PASSWORD") ? EMAIL : {}), ...(name === "DATABASE_URL" ? {} : DATABASE), ...settings };
}

function fileWith(text: string): string {
  const path = join(directory, `${Math.random()}`);
  writeFileSync(path, text);
  return path;
}

describe.each(SECRETS)("%s_FILE", (name, value, read) => {
  test.each([
    ["as it is", ""],
    ["without the newline that ends it", "\n"],
    ["without a newline of another system", "\r\n"],
  ])("gives the text of the file, %s", (_what, end) => {
    expect(read(readConfig(environmentWith({ [`${name}_FILE`]: fileWith(`${value}${end}`) }, name)))).toBe(value);
  });

  test("is refused beside the setting itself, even with the same value", () => {
    const message = refusalOf(environmentWith({ [name]: value, [`${name}_FILE`]: fileWith(value) }, name));
    expect(message).toContain(`\n  ${name}_FILE: ${name} is set as well; keep one of the two`);
    expect(message).not.toContain("hunter2");
  });

  test("is refused when the file is not there, is a directory, or is empty, without its path", () => {
    const missing = join(directory, "hunter2");
    for (const [path, reason] of [
      [missing, "the file cannot be read (ENOENT)"],
      [directory, "the file cannot be read (EISDIR)"],
      [fileWith("\n"), "the file is empty"],
    ] as const) {
      const message = refusalOf(environmentWith({ [`${name}_FILE`]: path }, name));
      expect(message).toContain(`\n  ${name}_FILE: ${reason}`);
      expect(message).not.toContain(path);
    }
  });

  test("names itself, and not what is in it, when that cannot be used", () => {
    const message = refusalOf(environmentWith({ [`${name}_FILE`]: fileWith("hunter2") }, name));
    expect(message).toContain(`\n  ${name}_FILE: `);
    expect(message).not.toContain("hunter2");
  });

  test("counts as unset when it is empty", () => {
    expect(read(readConfig(environmentWith({ [`${name}_FILE`]: "", [name]: value }, name)))).toBe(value);
  });
});

describe("a setting that is no secret", () => {
  test("is not read from a file", () => {
    expect(refusalOf({ KRONICLE_PORT_FILE: fileWith("8000") })).toContain("\n  KRONICLE_PORT_FILE: there is no such setting");
  });
});
