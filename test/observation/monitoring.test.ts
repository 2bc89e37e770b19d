/** What stands in docs/monitoring/ and docs/operations.md about metrics is held against those that a server really has. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DATABASE_ROLES } from "../../server/src/config/database-role.ts";
import { PROBLEMS } from "@kronicle/server/problems";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { OPERATIONS } from "../contract/document.ts";
import { as } from "../support/http.ts";
import { useTestServer } from "../support/use-test-server.ts";

const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
const ALERTS_FILE = new URL("../../docs/monitoring/alerts.yaml", import.meta.url).pathname;
const OPERATIONS_PAGE = read("operations.md");

const alert = z.strictObject({
  alert: z.string().regex(/^Kronicle[A-Z]\w+$/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+m$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(["page", "ticket"]) }),
  annotations: z.strictObject({ summary: z.string() }),
});
const { groups } = z
  .strictObject({ groups: z.tuple([z.strictObject({ name: z.literal("kronicle"), rules: z.array(alert) })]) })
  .parse(parse(read("monitoring/alerts.yaml")));
const ALERTS = groups[0].rules;

const target = z.looseObject({ expr: z.string() });
const panel = z.looseObject({
  id: z.int(),
  title: z.string(),
  type: z.enum(["row", "stat", "timeseries"]),
  gridPos: z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  targets: z.array(target).default([]),
});
const DASHBOARD = z
  .looseObject({ panels: z.array(panel), annotations: z.object({ list: z.array(target) }) })
  .parse(JSON.parse(read("monitoring/dashboard.json")));

const EXPRESSIONS: readonly (readonly [string, string])[] = [
  ...ALERTS.map(({ alert: name, expr }) => [name, expr] as const),
  ...DASHBOARD.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...DASHBOARD.annotations.list.map(({ expr }) => ["annotation", expr] as const),
];

/** `up` is of Prometheus itself. */
const METRIC = /\b(?:kronicle|nodejs|process)_\w+/g;

/** The values that a label can have, as far as the server decides them. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  code: Object.keys(PROBLEMS),
  operation: OPERATIONS.map(({ id }) => id),
  lane: OPERATIONS.map(({ path }) => path.split("/")[1] ?? ""),
  role: DATABASE_ROLES,
  status: ["200", "400", "503"],
  state: ["in_use", "idle", "opening"],
  task: ["audit", "key_use", "signing_keys", "janitor"],
  class: ["23", "40", "53"],
};

let names: ReadonlySet<string>;
let types: ReadonlyMap<string, string>;
const server = useTestServer();
beforeAll(async () => {
  await as("reader", server).get("/api/v1/channels").expect(200);
  const { text } = await as("reader", server).get("/metrics").expect(200);
  types = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type = ""]) => [name, type]));
  names = new Set(
    [...types].flatMap(([name, type]) =>
      type === "histogram" || type === "summary" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
});

describe("every expression of the dashboard and the alerts", () => {
  test.each(EXPRESSIONS)("asks for metrics that there are: %s", (_where, expression) => {
    const asked = expression.match(METRIC) ?? (/\bup\b/.test(expression) ? [] : ["no metric at all"]);
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
  });

  test.each(EXPRESSIONS)("asks for labels that they can have: %s", (_where, expression) => {
    const impossible = [...expression.matchAll(/(\w+)(=~|!~|=|!=)"([^"$]+)"/g)].filter(
      ([, label = "", operator = "", value = ""]) => {
        if (label === "job") return value !== "kronicle";
        const possible = VALUES[label] ?? [];
        const wanted = operator.includes("~") ? value.split("|") : [value];
        return wanted.some((each) => !possible.some((text) => new RegExp(`^(?:${each})$`).test(text)));
      },
    );
    expect(impossible.map(([text]) => text)).toEqual([]);
  });

  test("takes rates of counters and histograms only, and quantiles of buckets", () => {
    for (const [where, expression] of EXPRESSIONS) {
      for (const [, name = ""] of expression.matchAll(/(?:rate|increase)\((\w+)/g)) {
        expect([where, name]).toEqual([where, expect.stringMatching(/_(?:total|bucket|sum|count)$/)]);
      }
      for (const [call] of expression.matchAll(/histogram_quantile\([^[]*/g))
        expect(call).toMatch(/by \([^)]*\ble\)[^[]*_bucket/);
    }
  });
});

describe("the dashboard", () => {
  test("has panels that do not overlap, each with an id of its own", () => {
    const cells = DASHBOARD.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(DASHBOARD.panels.map(({ id }) => id)).size).toBe(DASHBOARD.panels.length);
    for (const { gridPos } of DASHBOARD.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  test("shows every metric of ours", () => {
    const shown = new Set(DASHBOARD.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(METRIC) ?? [])));
    const ours = [...types.keys()].filter((name) => name.startsWith("kronicle_"));
    const hidden = ours.filter((name) => ![name, `${name}_bucket`, `${name}_sum`].some((form) => shown.has(form)));
    expect(hidden).toEqual([]);
  });
});

describe("docs/operations.md", () => {
  test("has a section for each alert, in their order, and for no other", () => {
    const sections = [...OPERATIONS_PAGE.matchAll(/^### (Kronicle\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(ALERTS.map(({ alert: name }) => name));
  });

  test("explains every metric of ours, and names none that is not there", () => {
    const ours = [...types.keys()].filter((name) => name.startsWith("kronicle_"));
    const explained = [...OPERATIONS_PAGE.matchAll(/^\| `(kronicle_\w+)/gm)].map(([, name = ""]) => name);
    expect(explained.toSorted()).toEqual(ours.toSorted());
    const named =
      OPERATIONS_PAGE.match(/\bkronicle_(?:http|database|append|rows|problems|janitor|idempotency|background|build)\w*/g) ?? [];
    expect(named.filter((name) => !names.has(name) && !types.has(name))).toEqual([]);
  });
});

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

test.skipIf(!hasPromtool)("promtool takes the alerts and the metrics", async () => {
  execFileSync("promtool", ["check", "rules", ALERTS_FILE]);
  const { text } = await as("reader", server).get("/metrics").expect(200);
  const { status, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  // 3 is a name that it would choose otherwise, which some of Node's are.
  expect([0, 3]).toContain(status);
  expect(stderr.split("\n").filter((line) => line.includes("kronicle_"))).toEqual([]);
});
