/** In charge of the reports of what the packages offer to programs, which are committed so that a change of it shows in review. */
import { mkdirSync } from "node:fs";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const CHECKOUT = new URL("../..", import.meta.url).pathname;

/** Each declaration that a package is entered by, and the report on it. */
const ENTRIES = [
  { folder: "client", types: "index.d.ts", report: "client" },
  { folder: "client", types: "raw/index.d.ts", report: "client-raw" },
  { folder: "client", types: "testing/index.d.ts", report: "client-testing" },
  { folder: "client", types: "filter-grammar.d.ts", report: "client-filter-grammar" },
  { folder: "server", types: "index.d.ts", report: "server" },
] as const;

const isUpdate = process.argv.includes("--update");

const outdated = ENTRIES.filter(({ folder, types, report }) => !isSame(`${CHECKOUT}${folder}`, types, report));
if (outdated.length > 0 && !isUpdate) {
  process.stderr.write(
    `What the packages offer has changed: ${outdated.map(({ report }) => `docs/api/${report}.api.md`).join(", ")}. ` +
      "If that is meant, run npm run api:report, look at the difference, and commit it with a changeset.\n",
  );
  process.exitCode = 1;
}

function isSame(projectFolder: string, types: string, report: string): boolean {
  mkdirSync(`${CHECKOUT}docs/api`, { recursive: true });
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: `${projectFolder}/package.json`,
    configObjectFullPath: undefined,
    configObject: {
      projectFolder,
      mainEntryPointFilePath: `${projectFolder}/dist/${types}`,
      compiler: { tsconfigFilePath: `${projectFolder}/tsconfig.json` },
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: `${CHECKOUT}docs/api`,
        // Not in dist, which is published.
        reportTempFolder: `${CHECKOUT}node_modules/.cache/api-report`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // Only whether it is the same is of interest: what is written about it, the linter and TypeDoc look after.
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: isUpdate,
    printApiReportDiff: !isUpdate,
    messageCallback: (message) => {
      if (message.messageId === "console-preamble") message.handled = true;
    },
  });
  return !apiReportChanged;
}
