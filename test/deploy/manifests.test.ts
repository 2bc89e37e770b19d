import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, readConfig } from "@kronicle/server/config";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const CHECKOUT = new URL("../..", import.meta.url).pathname;
const read = (path: string) => readFileSync(join(CHECKOUT, path), "utf8");
const secrets = mkdtempSync(join(tmpdir(), "kronicle-test-"));
afterAll(() => rmSync(secrets, { recursive: true }));
execFileSync(join(CHECKOUT, "docs/deploy/compose/make-secrets.sh"), [join(secrets, "made")]);

/** The number that the server's source gives to a name; it is declared once. */
function numberOf(name: string): number {
  const found = globSync("server/src/**/*.ts", { cwd: CHECKOUT }).flatMap((path) =>
    [...read(path).matchAll(new RegExp(`^const ${name} = ([\\d_]+);`, "gm"))].map(([, digits = ""]) => digits),
  );
  if (found.length !== 1) throw new Error(`the server's source has ${found.length} numbers named ${name}, not one`);
  return Number(found[0]?.replaceAll("_", ""));
}

/** What the server makes of these settings, with their secrets where make-secrets.sh has put them. */
function configOf(environment: Readonly<Record<string, string>>, directory: string) {
  return readConfig(
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value.replace(directory, join(secrets, "made"))]),
    ),
  );
}

/** From SIGTERM to the end, at the worst: what is on its way, what was accepted, and a last statement of the janitor. */
function stoppingMs({ drainSeconds, statementTimeoutSeconds }: Config): number {
  return (drainSeconds + statementTimeoutSeconds) * 1000 + numberOf("DRAIN_TIMEOUT_MS") + numberOf("GRACE_MS");
}

const dockerfile = read("Dockerfile");
const [imageUser] = /(?<=^USER )\d+:\d+$/m.exec(dockerfile) ?? [];

describe("the Dockerfile", () => {
  test("has the Node and the pnpm of the workspace", () => {
    const { devDependencies, scripts } = z
      .object({ devDependencies: z.object({ node: z.string() }), scripts: z.object({ setup: z.string() }) })
      .parse(JSON.parse(read("package.json")));
    expect(/^FROM node:([\d.]+)-trixie-slim AS node$/m.exec(dockerfile)?.[1]).toBe(devDependencies.node);
    const [pnpm] = /pnpm@[\d.]+/.exec(scripts.setup) ?? ["none"];
    expect(dockerfile).toContain(` ${pnpm} install --frozen-lockfile --prod `);
  });

  test("is given only what .dockerignore names", () => {
    const [first, ...others] = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(first).toBe("*");
    expect(others.filter((line) => !line.startsWith("!"))).toEqual(["**/*.test.ts"]);
  });
});

describe("compose.yaml", () => {
  const composeFile = z.object({
    services: z.record(
      z.string(),
      z.object({
        image: z.string(),
        environment: z.record(z.string(), z.string()),
        secrets: z.array(z.string()),
        stop_grace_period: z.string(),
      }),
    ),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
  });
  const { services, secrets: declared } = composeFile.parse(parse(read("compose.yaml")));
  const { server, database } = services;

  test("takes the secrets that make-secrets.sh makes, and git knows none of them", () => {
    const files = Object.values(declared).map(({ file }) => file);
    expect(files.toSorted()).toEqual(readdirSync(join(secrets, "made")).map((name) => `.secrets/${name}`));
    expect(read(".gitignore").split("\n")).toContain(".secrets/");
  });

  test("gives the server settings that it takes, each lane a login of its own, and no more secrets than it reads", () => {
    const config = configOf(server?.environment ?? {}, "/run/secrets");
    expect(config.databaseUrl).toMatch(/^postgres:\/\/kronicle:\w+@database:5432\/kronicle$/);
    for (const [lane, url] of Object.entries(config.roleUrls)) expect(url).toContain(`//kronicle_${lane}:`);
    const readFiles = Object.values(server?.environment ?? {}).map((path) => path.replace("/run/secrets/", ""));
    expect(server?.secrets).toEqual(readFiles);
  });

  test("pins a TimescaleDB, and leaves the server the time that it needs to stop", () => {
    expect(database?.image).toMatch(/^timescale\/timescaledb:\d+\.\d+\.\d+-pg\d+$/);
    const [, seconds] = /^(\d+)s$/.exec(server?.stop_grace_period ?? "") ?? [];
    expect(Number(seconds) * 1000).toBeGreaterThan(stoppingMs(configOf(server?.environment ?? {}, "/run/secrets")));
  });
});

describe("the Kubernetes manifests", () => {
  const directory = "docs/deploy/kubernetes";
  const { resources } = z.object({ resources: z.array(z.string()) }).parse(parse(read(`${directory}/kustomization.yaml`)));
  const probe = z.object({
    httpGet: z.object({ path: z.string(), port: z.literal("http") }),
    periodSeconds: z.number(),
    failureThreshold: z.number(),
  });
  const container = z.object({
    env: z.array(z.object({ name: z.string(), value: z.string() })),
    ports: z.tuple([z.object({ name: z.literal("http"), containerPort: z.number() })]),
    startupProbe: probe,
    livenessProbe: probe,
    readinessProbe: probe,
    lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
  });
  const pod = z.object({
    enableServiceLinks: z.boolean(),
    terminationGracePeriodSeconds: z.number(),
    securityContext: z.object({ runAsUser: z.number(), runAsGroup: z.number() }),
    containers: z.tuple([container]),
  });
  const { spec } = z
    .object({ spec: z.object({ template: z.object({ spec: pod }) }) })
    .parse(parse(read(`${directory}/deployment.yaml`))).spec.template;
  const [server] = spec.containers;

  test("are all in the base", () => {
    const files = readdirSync(join(CHECKOUT, directory)).filter((name) => name !== "kustomization.yaml");
    expect(resources.toSorted()).toEqual(files.toSorted());
  });

  const environment = Object.fromEntries(server.env.map(({ name, value }) => [name, value]));
  const config = configOf(environment, "/run/secrets/kronicle");

  test("give the server settings that it takes, and nothing that Kubernetes would add to them", () => {
    expect(Object.values(config.roleUrls)).not.toContain(null);
    expect(server.ports[0].containerPort).toBe(config.port);
    expect(spec.enableServiceLinks).toBe(false);
  });

  test("run as the user of the image", () => {
    expect(`${spec.securityContext.runAsUser}:${spec.securityContext.runAsGroup}`).toBe(imageUser);
  });

  test("ask operations of the contract for the server's health", () => {
    const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(parse(read("openapi/openapi.yaml")));
    const asked = [server.startupProbe, server.livenessProbe, server.readinessProbe].map(({ httpGet }) => httpGet.path);
    expect(asked).toEqual(["/health/live", "/health/live", "/health/ready"]);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(asked));
  });

  test("leave the server the time that it needs to migrate, and to stop", () => {
    const { periodSeconds, failureThreshold } = server.startupProbe;
    expect(periodSeconds * failureThreshold * 1000).toBeGreaterThan(numberOf("MIGRATION_TIMEOUT_MS"));
    const leftMs = (spec.terminationGracePeriodSeconds - server.lifecycle.preStop.sleep.seconds) * 1000;
    expect(leftMs).toBeGreaterThan(stoppingMs(config));
  });
});
