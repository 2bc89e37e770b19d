import { describe, expect, test } from "vitest";
import { readConfig } from "../../server/src/config/config.ts";
import { splitUrls } from "../../server/src/config/database-url.ts";
import { refusalOf } from "./refusal-of.ts";

const DEFAULTS = {
  host: "127.0.0.1",
  port: 8000,
  workers: 1,
  databaseUrl: null,
  dataDir: ".kronicle",
  rolePrefix: null,
  poolSize: 10,
  queueSize: 100,
  statementTimeoutSeconds: 30,
  drainSeconds: 1,
  logLevel: "info",
  validateResponses: false,
  bodyLimitBytes: 32 * 1024 * 1024,
  bodyMemoryBytes: 12 * 32 * 1024 * 1024,
  answerMemoryBytes: 256 * 1024 * 1024,
  maxRows: 100_000,
  maxCells: 2_000_000,
  maxDelayMs: 250,
  maxAheadSeconds: 24 * 60 * 60,
  maxNewChunks: 64,
  corsOrigins: [],
  rateLimit: 1_000,
  metrics: "keys",
  tracing: null,
  firstAdmin: null,
  externalIssuer: null,
  roleUrls: { reader: null, writer: null, admin: null, auth: null },
  staticKeys: { reader: null, writer: null, admin: null },
};

/** A value of each setting, with what it becomes. */
const SETTINGS = [
  ["KRONICLE_HOST", "::1", { host: "::1" }],
  ["KRONICLE_PORT", "0", { port: 0 }],
  ["KRONICLE_PORT", "65535", { port: 65_535 }],
  [
    "DATABASE_URL",
    "postgres://app:p%40ss@db:5432/x?sslmode=require",
    { databaseUrl: "postgres://app:p%40ss@db:5432/x?sslmode=require" },
  ],
  ["DATABASE_URL", "postgresql://db/x", { databaseUrl: "postgresql://db/x" }],
  ["KRONICLE_WORKERS", "1", { workers: 1 }],
  ["KRONICLE_DATA_DIR", ":memory:", { dataDir: ":memory:" }],
  ["KRONICLE_ROLE_PREFIX", "plant_7", { rolePrefix: "plant_7" }],
  ["KRONICLE_POOL_SIZE", "1", { poolSize: 1 }],
  ["KRONICLE_QUEUE_SIZE", "0", { queueSize: 0 }],
  ["KRONICLE_STATEMENT_TIMEOUT_SECONDS", "300", { statementTimeoutSeconds: 300 }],
  ["KRONICLE_DRAIN_SECONDS", "0", { drainSeconds: 0 }],
  ["KRONICLE_LOG_LEVEL", "silent", { logLevel: "silent" }],
  ["KRONICLE_VALIDATE_RESPONSES", "true", { validateResponses: true }],
  ["KRONICLE_VALIDATE_RESPONSES", "false", { validateResponses: false }],
  ["KRONICLE_BODY_LIMIT", "1024", { bodyLimitBytes: 1024, bodyMemoryBytes: 12_288 }],
  ["KRONICLE_BODY_MEMORY", "134217728", { bodyMemoryBytes: 134_217_728 }],
  ["KRONICLE_ANSWER_MEMORY", "1048576", { answerMemoryBytes: 1_048_576 }],
  ["KRONICLE_MAX_ROWS", "7", { maxRows: 7 }],
  ["KRONICLE_MAX_CELLS", "70", { maxCells: 70 }],
  ["KRONICLE_MAX_DELAY_MS", "0", { maxDelayMs: 0 }],
  ["KRONICLE_MAX_AHEAD_SECONDS", "0", { maxAheadSeconds: 0 }],
  ["KRONICLE_MAX_NEW_CHUNKS", "1000", { maxNewChunks: 1000 }],
  ["KRONICLE_RATE_LIMIT", "0", { rateLimit: 0 }],
  ["KRONICLE_METRICS", "open", { metrics: "open" }],
  ["KRONICLE_METRICS", "off", { metrics: "off" }],
  ["KRONICLE_READER_KEY", "r".repeat(32), { staticKeys: { reader: "r".repeat(32), writer: null, admin: null } }],
  ["KRONICLE_WRITER_KEY", "w".repeat(32), { staticKeys: { reader: null, writer: "w".repeat(32), admin: null } }],
  ["KRONICLE_ADMIN_KEY", "a".repeat(32), { staticKeys: { reader: null, writer: null, admin: "a".repeat(32) } }],
] as const;

/** Values that cannot be used. Each holds a piece of text to look for, as a secret pasted into the wrong variable would be. */
const BAD = [
  ["KRONICLE_PORT", "hunter2"],
  ["KRONICLE_PORT", "98765"],
  ["KRONICLE_PORT", "-4321"],
  ["KRONICLE_PORT", "4321.5"],
  ["KRONICLE_PORT", "4321x"],
  ["KRONICLE_PORT", " "],
  ["KRONICLE_WORKERS", "0"],
  ["KRONICLE_WORKERS", "hunter2"],
  ["DATABASE_URL", "mysql://hunter2@db/x"],
  ["DATABASE_URL", "https://hunter2@db/x"],
  ["DATABASE_URL", "hunter2"],
  ["DATABASE_URL", "postgres://hunter2@db/x?sslmode=verify-full"],
  ["DATABASE_URL", "postgres://hunter2@db/x?ssl=true"],
  ["KRONICLE_READER_DATABASE_URL", "postgres://hunter2@db/x?sslmode=require&sslrootcert=/ca.pem"],
  ["DATABASE_URL", "postgres://app:hunter2@db:port/x"],
  ["KRONICLE_ROLE_PREFIX", "Hunter2"],
  ["KRONICLE_ROLE_PREFIX", 'hunter2"; drop role x'],
  ["KRONICLE_ROLE_PREFIX", "hunter2".repeat(10)],
  ["KRONICLE_POOL_SIZE", "0"],
  ["KRONICLE_POOL_SIZE", "98765"],
  ["KRONICLE_QUEUE_SIZE", "-1"],
  ["KRONICLE_STATEMENT_TIMEOUT_SECONDS", "0"],
  ["KRONICLE_STATEMENT_TIMEOUT_SECONDS", "30s"],
  ["KRONICLE_DRAIN_SECONDS", "601"],
  ["KRONICLE_LOG_LEVEL", "hunter2"],
  ["KRONICLE_VALIDATE_RESPONSES", "hunter2"],
  ["KRONICLE_BODY_LIMIT", "32MB"],
  ["KRONICLE_BODY_LIMIT", "1023"],
  ["KRONICLE_BODY_MEMORY", "134217727"],
  ["KRONICLE_ANSWER_MEMORY", "1048575"],
  ["KRONICLE_MAX_ROWS", "0"],
  ["KRONICLE_MAX_CELLS", "0"],
  ["KRONICLE_MAX_DELAY_MS", "-1"],
  ["KRONICLE_MAX_AHEAD_SECONDS", "-1"],
  ["KRONICLE_MAX_AHEAD_SECONDS", "1e999"],
  ["KRONICLE_MAX_AHEAD_SECONDS", " "],
  ["KRONICLE_MAX_NEW_CHUNKS", "0"],
  ["KRONICLE_RATE_LIMIT", "-1"],
  ["KRONICLE_FIRST_ADMIN_EMAIL", "hunter2"],
  ["KRONICLE_FIRST_ADMIN_PASSWORD", "hunter2"],
  ["KRONICLE_FIRST_ADMIN_PASSWORD", "hunter2 hunter2 hunter2"],
  ["KRONICLE_EXTERNAL_ISSUER", "https://hunter2.example"],
  ["KRONICLE_EXTERNAL_JWKS_URL", "ftp://hunter2.example"],
  ["KRONICLE_READER_DATABASE_URL", "postgres://hunter2@db/x"],
  ["KRONICLE_READER_DATABASE_URL", "postgres://reader@db/x,mysql://hunter2@db/x"],
  ["KRONICLE_READER_DATABASE_URL", "postgres://reader@db/x, "],
  ["KRONICLE_READER_KEY", "hunter2"],
  ["KRONICLE_WRITER_KEY", "h".repeat(31)],
  ["KRONICLE_ADMIN_KEY", "hunter2"],
] as const;

describe("the configuration", () => {
  test("has a default for everything", () => {
    expect(readConfig({})).toEqual(DEFAULTS);
  });

  test.for(SETTINGS)("takes %s=%s", ([name, value, settings]) => {
    expect(readConfig({ [name]: value })).toEqual({ ...DEFAULTS, ...settings });
  });

  test("takes settings that belong together", () => {
    const admin = { KRONICLE_FIRST_ADMIN_EMAIL: "Ada@Example.org", KRONICLE_FIRST_ADMIN_PASSWORD: "correct horse battery" };
    const issuer = { KRONICLE_EXTERNAL_ISSUER: "https://id.example", KRONICLE_EXTERNAL_JWKS_URL: "https://id.example/jwks" };
    const logins = { DATABASE_URL: "postgres://owner@db/x", KRONICLE_AUTH_DATABASE_URL: "postgres://auth@db/x" };
    const processes = { KRONICLE_WORKERS: "4" };
    expect(readConfig({ ...admin, ...issuer, ...logins, ...processes })).toEqual({
      ...DEFAULTS,
      firstAdmin: { email: "ada@example.org", password: "correct horse battery" },
      externalIssuer: {
        issuer: "https://id.example",
        jwksUrl: "https://id.example/jwks",
        audience: "kronicle",
        roleClaim: "role",
      },
      databaseUrl: "postgres://owner@db/x",
      workers: 4,
      roleUrls: { ...DEFAULTS.roleUrls, auth: "postgres://auth@db/x" },
    });
  });

  test("takes several addresses for readers", () => {
    const reader = "postgres://a:1,2@one/x, postgresql://a@two/x";
    const { roleUrls } = readConfig({ DATABASE_URL: "postgres://owner@db/x", KRONICLE_READER_DATABASE_URL: reader });
    expect(roleUrls.reader).toBe(reader);
    expect(splitUrls(reader)).toEqual(["postgres://a:1,2@one/x", "postgresql://a@two/x"]);
  });

  test("takes an empty string for unset", () => {
    const env = Object.fromEntries(SETTINGS.map(([name]) => [name, ""]));
    expect(readConfig(env)).toEqual(DEFAULTS);
  });

  test("leaves alone what is not its own, and what belongs to the test suite", () => {
    const env = { PATH: "/bin", PORT: "1", kronicle_port: "x", XKRONICLE_PORT: "x", KRONICLE: "x" };
    expect(readConfig({ ...env, KRONICLE_TEST_DATABASE_URL: "postgres://app:app@127.0.0.1/postgres" })).toEqual(DEFAULTS);
  });
});

describe("a configuration error", () => {
  test.for(BAD)("names %s without its value %s", ([name, value]) => {
    const message = refusalOf({ [name]: value });
    expect(message).toContain(`\n  ${name}: `);
    // What has no letters to tell it by may well stand in the words of the message.
    const secret = value.trim().length > 1 ? value.toLowerCase() : "hunter2";
    expect(message.toLowerCase()).not.toContain(secret);
    expect(message.toLowerCase()).not.toContain("hunter2");
  });

  test.for(["KRONICLE_PROT", "KRONICLE_port", "KRONICLE_", "KRONICLE_DATABASE_URL", "KRONICLE_TEST_DATABASE_URLS"])(
    "names the setting that does not exist: %s",
    (name) => {
      const message = refusalOf({ [name]: "hunter2" });
      expect(message).toContain(`\n  ${name}: there is no such setting`);
      expect(message).not.toContain("hunter2");
    },
  );

  test.for([
    ["KRONICLE_PROT", "KRONICLE_PORT"],
    ["KRONICLE_port", "KRONICLE_PORT"],
    ["KRONICLE_DATABASE_URL", "DATABASE_URL"],
    ["KRONICLE_ADMINKEY", "KRONICLE_ADMIN_KEY"],
    ["KRONICLE_ADMIN_KEY_FLIE", "KRONICLE_ADMIN_KEY_FILE"],
    ["KRONICLE_BODY_LIMITS", "KRONICLE_BODY_LIMIT"],
  ] as const)("guesses for %s that %s was meant", ([name, meant]) => {
    expect(refusalOf({ [name]: "hunter2" })).toContain(`\n  ${name}: there is no such setting; did you mean "${meant}"?`);
  });

  test("guesses nothing for a setting that is far from all", () => {
    expect(refusalOf({ KRONICLE_FOO: "1" })).toMatch(/KRONICLE_FOO: there is no such setting$/m);
  });

  test("names all that is wrong at once", () => {
    const message = refusalOf({ KRONICLE_PORT: "x", KRONICLE_PROT: "1", KRONICLE_POOL_SIZE: "0", KRONICLE_ADMIN_KEY: "short" });
    expect(message.match(/^ {2}KRONICLE_\w+(?=:)/gm)?.toSorted()).toEqual([
      "  KRONICLE_ADMIN_KEY",
      "  KRONICLE_POOL_SIZE",
      "  KRONICLE_PORT",
      "  KRONICLE_PROT",
    ]);
  });
});
