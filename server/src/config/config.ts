/** In charge of the configuration: the only file that reads the environment. */
import { z } from "zod";
import { didYouMean } from "../formats/did-you-mean.ts";
import { databaseUrlShape, databaseUrlsShape } from "./database-url.ts";
import type { PerDatabaseRole } from "./database-role.ts";
import { isTracingWanted, toTracingConfig, type TracingConfig, tracingEnvironment } from "./tracing-config.ts";
import { EXIT, OperatorError } from "./operator-error.ts";
import { readSecretFiles } from "./secret-files.ts";

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, "has to be a whole number")
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const key = z.string().min(32, "has to have at least 32 characters").optional();

const databaseUrl = databaseUrlShape.optional();

const databaseUrls = databaseUrlsShape.optional();

/** A body takes three times its bytes, and more for rows and values (http/pipeline/read-body.ts). */
const MIN_BODY_MEMORY_TIMES = 4;
const BODY_MEMORY_TIMES = 12;

const environment = z.object({
  /** Address to listen on. */
  KRONICLE_HOST: z.string().min(1).default("127.0.0.1"),
  /** Port to listen on; 0 picks a free one. */
  KRONICLE_PORT: integer(0, 65_535).default(8000),
  /** Processes that serve together. */
  KRONICLE_WORKERS: integer(1, 256).default(1),
  /** A TimescaleDB of your own. Without it the embedded one is used. */
  DATABASE_URL: databaseUrl,
  /** Directory of the embedded database; `:memory:` keeps nothing. */
  KRONICLE_DATA_DIR: z.string().min(1).default(".kronicle"),
  /** Start of the names of the four database roles. Default: the name of the database. */
  KRONICLE_ROLE_PREFIX: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,50}$/, "has to be a plain lower-case name")
    .optional(),
  /** Most connections of the reader's pool and of the writer's pool, each. */
  KRONICLE_POOL_SIZE: integer(1, 500).default(10),
  /** Most requests that wait for a connection of one database role. */
  KRONICLE_QUEUE_SIZE: integer(0, 10_000).default(100),
  /** A statement that takes longer is given up, and its request answered with 503. */
  KRONICLE_STATEMENT_TIMEOUT_SECONDS: integer(1, 3_600).default(30),
  /** After SIGTERM, how long new requests are still taken: load balancers learn with a delay that the server is not ready any more. */
  KRONICLE_DRAIN_SECONDS: integer(0, 600).default(1),
  KRONICLE_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Checks every answer against the contract before it is sent. */
  KRONICLE_VALIDATE_RESPONSES: z.stringbool().default(false),
  /** Most bytes of a body, counted after inflation. */
  KRONICLE_BODY_LIMIT: integer(1_024, 1_073_741_824).default(33_554_432),
  /** Most rows that one request may append. */
  KRONICLE_MAX_ROWS: integer(1, 100_000_000).default(100_000),
  /** Most values that one request may bring: columns times rows, and what documents hold. */
  KRONICLE_MAX_CELLS: integer(1, 1_000_000_000).default(2_000_000),
  /** Most bytes of memory that bodies may take at once, as estimated. Default: twelve times the body limit. */
  KRONICLE_BODY_MEMORY: integer(1_024, 1_099_511_627_776).optional(),
  /** Most bytes of large answers that wait for those who asked for them. */
  KRONICLE_ANSWER_MEMORY: integer(1_048_576, 1_099_511_627_776).default(268_435_456),
  /** How far behind the process may be before it turns requests away, in milliseconds; 0 sets no limit. */
  KRONICLE_MAX_DELAY_MS: integer(0, 60_000).default(250),
  /** How far ahead of now the `time` of a row may lie, in seconds. */
  KRONICLE_MAX_AHEAD_SECONDS: integer(0, 315_360_000).default(86_400),
  /** Most storage chunks that one request may create. */
  KRONICLE_MAX_NEW_CHUNKS: integer(1, 1_000).default(64),
  /** Origins, separated by commas, whose pages may call the API from a browser. None by default. */
  KRONICLE_CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(",").map((origin) => origin.trim()))
    .pipe(
      z.array(
        z
          .url({ protocol: /^https?$/ })
          .refine((origin) => new URL(origin).origin === origin, "has to be an origin, such as https://app.example"),
      ),
    )
    .optional(),
  /** Requests a second that one credential may send to one lane; 0 sets no limit. */
  KRONICLE_RATE_LIMIT: integer(0, 1_000_000).default(1_000),
  /** Access to `/metrics`: `open` to all, `keys` to every valid key or token, `off` to none. */
  KRONICLE_METRICS: z.enum(["open", "keys", "off"]).default("keys"),
  /** The first user, made when there is none. */
  KRONICLE_FIRST_ADMIN_EMAIL: z.email().toLowerCase().optional(),
  KRONICLE_FIRST_ADMIN_PASSWORD: z.string().min(15, "has to have at least 15 characters").max(256).optional(),
  /** Another issuer whose tokens are accepted: its name, its audience here, the URL of its key set, and the claim that names the role. */
  KRONICLE_EXTERNAL_ISSUER: z.string().min(1).optional(),
  KRONICLE_EXTERNAL_AUDIENCE: z.string().min(1).default("kronicle"),
  KRONICLE_EXTERNAL_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  KRONICLE_EXTERNAL_ROLE_CLAIM: z.string().min(1).default("role"),
  /**
   * A login of its own for each database role, as `kronicle db logins` makes them. Default: DATABASE_URL, which then takes on the role.
   * The reader's may lead to replicas: several URLs, separated by commas, are tried in their order whenever a connection is opened.
   */
  KRONICLE_READER_DATABASE_URL: databaseUrls,
  KRONICLE_WRITER_DATABASE_URL: databaseUrl,
  KRONICLE_ADMIN_DATABASE_URL: databaseUrl,
  KRONICLE_AUTH_DATABASE_URL: databaseUrl,
  /** Strings accepted as API keys of a lane as long as they are set. */
  KRONICLE_READER_KEY: key,
  KRONICLE_WRITER_KEY: key,
  KRONICLE_ADMIN_KEY: key,
  ...tracingEnvironment,
});

const PREFIX = "KRONICLE_";

/** Belong to the test suite, and are no mistake in a shell that also starts servers. */
const FOREIGN_NAMES = new Set(["KRONICLE_TEST_DATABASE_URL", "KRONICLE_NATIVE_DIR", "KRONICLE_NATIVE_CACHE"]);

/** What a secret is called. Each may lie in a file that the setting of the same name with `_FILE` behind it names. */
const SECRET_NAME = /(^|_)(DATABASE_URL|PASSWORD|KEY)$/;

/** Settings that mean nothing without another. */
const COMPANIONS = [
  ["KRONICLE_FIRST_ADMIN_EMAIL", "KRONICLE_FIRST_ADMIN_PASSWORD"],
  ["KRONICLE_FIRST_ADMIN_PASSWORD", "KRONICLE_FIRST_ADMIN_EMAIL"],
  ["KRONICLE_EXTERNAL_ISSUER", "KRONICLE_EXTERNAL_JWKS_URL"],
  ["KRONICLE_EXTERNAL_JWKS_URL", "KRONICLE_EXTERNAL_ISSUER"],
  ["KRONICLE_READER_DATABASE_URL", "DATABASE_URL"],
  ["KRONICLE_WRITER_DATABASE_URL", "DATABASE_URL"],
  ["KRONICLE_ADMIN_DATABASE_URL", "DATABASE_URL"],
  ["KRONICLE_AUTH_DATABASE_URL", "DATABASE_URL"],
] as const;

export type Config = {
  readonly host: string;
  readonly port: number;
  readonly workers: number;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly rolePrefix: string | null;
  readonly poolSize: number;
  readonly queueSize: number;
  readonly statementTimeoutSeconds: number;
  readonly drainSeconds: number;
  readonly logLevel: z.infer<typeof environment>["KRONICLE_LOG_LEVEL"];
  readonly validateResponses: boolean;
  readonly bodyLimitBytes: number;
  readonly bodyMemoryBytes: number;
  readonly answerMemoryBytes: number;
  readonly maxRows: number;
  readonly maxCells: number;
  readonly maxDelayMs: number;
  readonly maxAheadSeconds: number;
  readonly maxNewChunks: number;
  readonly corsOrigins: readonly string[];
  readonly rateLimit: number;
  readonly metrics: z.infer<typeof environment>["KRONICLE_METRICS"];
  readonly tracing: TracingConfig | null;
  readonly firstAdmin: { readonly email: string; readonly password: string } | null;
  readonly externalIssuer: {
    readonly issuer: string;
    readonly audience: string;
    readonly jwksUrl: string;
    readonly roleClaim: string;
  } | null;
  readonly roleUrls: PerDatabaseRole<string | null>;
  readonly staticKeys: { readonly reader: string | null; readonly writer: string | null; readonly admin: string | null };
};

/** A configuration that cannot be used. The process exits with 78 (EX_CONFIG of sysexits.h) and this message. */
export class ConfigError extends OperatorError {
  override name = "ConfigError";

  constructor(message: string) {
    super(EXIT.config, message);
  }
}

/**
 * Parses the environment.
 *
 * @throws ConfigError names each variable that is unknown or has a bad value, never the value itself: it may be a secret.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const known = new Set(Object.keys(environment.shape));
  const secrets = [...known].filter((name) => SECRET_NAME.test(name));
  const inFiles = readSecretFiles(env, secrets);
  const taken = new Set([...known, ...secrets.map((name) => `${name}_FILE`), ...FOREIGN_NAMES]);
  const faults = Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !taken.has(name))
    .map((name) => `${name}: there is no such setting${didYouMean(name, taken, PREFIX)}`);
  faults.push(...inFiles.faults);

  const isTraced = isTracingWanted(env);
  const isMeant = (name: string) => known.has(name) && (isTraced || !Object.hasOwn(tracingEnvironment, name));
  const given = Object.entries(env).filter(([name, value]) => isMeant(name) && value !== "");
  const set = { ...Object.fromEntries(given), ...inFiles.values };
  const spelling = (name: string) => (name in inFiles.values ? `${name}_FILE` : name);
  const parsed = environment.safeParse(set);
  faults.push(
    ...COMPANIONS.filter(([name, other]) => set[name] !== undefined && set[other] === undefined).map(
      ([name, other]) => `${spelling(name)}: needs ${other} as well`,
    ),
  );
  if (parsed.data) faults.push(...findContradictions(parsed.data));
  faults.push(...(parsed.error?.issues.map((issue) => `${spelling(issue.path.join("."))}: ${issue.message}`) ?? []));
  if (!parsed.success || faults.length > 0) {
    throw new ConfigError(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  }

  const settings = parsed.data;
  return {
    ...readIdentity(settings),
    host: settings.KRONICLE_HOST,
    port: settings.KRONICLE_PORT,
    workers: settings.KRONICLE_WORKERS,
    databaseUrl: settings.DATABASE_URL ?? null,
    dataDir: settings.KRONICLE_DATA_DIR,
    rolePrefix: settings.KRONICLE_ROLE_PREFIX ?? null,
    poolSize: settings.KRONICLE_POOL_SIZE,
    queueSize: settings.KRONICLE_QUEUE_SIZE,
    statementTimeoutSeconds: settings.KRONICLE_STATEMENT_TIMEOUT_SECONDS,
    drainSeconds: settings.KRONICLE_DRAIN_SECONDS,
    logLevel: settings.KRONICLE_LOG_LEVEL,
    validateResponses: settings.KRONICLE_VALIDATE_RESPONSES,
    bodyLimitBytes: settings.KRONICLE_BODY_LIMIT,
    bodyMemoryBytes: settings.KRONICLE_BODY_MEMORY ?? BODY_MEMORY_TIMES * settings.KRONICLE_BODY_LIMIT,
    answerMemoryBytes: settings.KRONICLE_ANSWER_MEMORY,
    maxRows: settings.KRONICLE_MAX_ROWS,
    maxCells: settings.KRONICLE_MAX_CELLS,
    maxDelayMs: settings.KRONICLE_MAX_DELAY_MS,
    maxAheadSeconds: settings.KRONICLE_MAX_AHEAD_SECONDS,
    maxNewChunks: settings.KRONICLE_MAX_NEW_CHUNKS,
    corsOrigins: settings.KRONICLE_CORS_ORIGINS ?? [],
    rateLimit: settings.KRONICLE_RATE_LIMIT,
    metrics: settings.KRONICLE_METRICS,
    tracing: isTraced ? toTracingConfig(settings) : null,
  };
}

function findContradictions({
  DATABASE_URL: databaseUrl,
  KRONICLE_WORKERS: workers,
  KRONICLE_BODY_MEMORY: bodyMemory = Infinity,
  KRONICLE_BODY_LIMIT: bodyLimit,
}: z.infer<typeof environment>): string[] {
  return [
    ...(workers > 1 && databaseUrl === undefined
      ? ["KRONICLE_WORKERS: more than 1 needs DATABASE_URL, for only one process may use the embedded database"]
      : []),
    ...(bodyMemory < MIN_BODY_MEMORY_TIMES * bodyLimit
      ? [`KRONICLE_BODY_MEMORY: has to be ${MIN_BODY_MEMORY_TIMES} times KRONICLE_BODY_LIMIT or more`]
      : []),
  ];
}

function readIdentity(settings: z.infer<typeof environment>) {
  const {
    KRONICLE_FIRST_ADMIN_EMAIL: email,
    KRONICLE_FIRST_ADMIN_PASSWORD: password,
    KRONICLE_EXTERNAL_ISSUER: issuer,
    KRONICLE_EXTERNAL_AUDIENCE: audience,
    KRONICLE_EXTERNAL_JWKS_URL: jwksUrl,
    KRONICLE_EXTERNAL_ROLE_CLAIM: roleClaim,
  } = settings;
  return {
    firstAdmin: email && password ? { email, password } : null,
    externalIssuer: issuer && jwksUrl ? { issuer, audience, jwksUrl, roleClaim } : null,
    roleUrls: {
      reader: settings.KRONICLE_READER_DATABASE_URL ?? null,
      writer: settings.KRONICLE_WRITER_DATABASE_URL ?? null,
      admin: settings.KRONICLE_ADMIN_DATABASE_URL ?? null,
      auth: settings.KRONICLE_AUTH_DATABASE_URL ?? null,
    },
    staticKeys: {
      reader: settings.KRONICLE_READER_KEY ?? null,
      writer: settings.KRONICLE_WRITER_KEY ?? null,
      admin: settings.KRONICLE_ADMIN_KEY ?? null,
    },
  };
}
