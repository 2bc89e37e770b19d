/**
 * Who may import whom (docs/architecture.md). Patterns are absolute from the root of the repository: a relative one stops matching as
 * soon as a folder is nested. `test/contract/imports.test.ts` shows that each rule bites.
 */

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

const inServer = (places) => `^server/src/(${places.map((place) => place.replace(".", "\\.")).join("|")})`;

const noArrowUp = STOREYS.slice(1).map((storey, index) => ({
  name: `no-arrow-up-from-${storey.map((place) => place.replace(/\/|\.ts/, "")).join("-")}`,
  comment: "A room imports only what is below it. Move the type or the rule down, or hand it over from above.",
  severity: "error",
  from: { path: inServer(storey) },
  to: { path: inServer(STOREYS.slice(0, index + 1).flat()) },
}));

export default {
  forbidden: [
    ...noArrowUp,
    {
      name: "no-circle",
      comment: "Modules that import each other are one module in several files.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules)/|\\.generated\\.ts$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "server/tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
