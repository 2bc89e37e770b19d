import { defineConfig } from "vitest/config";
import { nameWhatIsLeftOut } from "./support/run/name-what-is-left-out.ts";

const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

/** By project: what installs packages, starts browsers, containers or programs, breaks things, stores much, or waits for the clock. */
const SLOW = {
  browser: ["test/service/docs/{docs,sign-in}.test.ts", "test/runtimes/browser.test.ts", "test/examples/live-chart.test.ts"],
  clocks: ["test/access/{revocation,signing-keys}.test.ts"],
  deploy: ["test/deploy/**/*.test.ts"],
  documents: ["test/docs/**/*.test.ts", "test/examples/**/*.test.ts", "test/demo/**/*.test.ts"],
  faults: ["test/faults/**/*.test.ts"],
  packages: ["test/packages/**/*.test.ts"],
  // The server or its command line as a process of its own, which compiles the embedded database anew: seconds for each start.
  programs: [
    "test/commands/**/*.test.ts",
    "test/access/canaries.test.ts",
    "test/client/testing/testing-kit.test.ts",
    "test/client/typegen/typegen.test.ts",
    "test/contract/types.test.ts",
    "test/db/embedded/trap.test.ts",
    "test/http/route-table.test.ts",
    "test/observation/{log,stalled-log,tracing,workers}.test.ts",
    "test/overload/gone-client.test.ts",
  ],
  runtimes: ["test/runtimes/**/*.test.ts"],
  volume: [
    "test/channels/{layout,listChannels.many}.test.ts",
    "test/rows/{aggregate,latest}/large-values.test.ts",
    "test/rows/read/{exportRows.broken-off,large-answers,long-series,million-rows}.test.ts",
  ],
};
/** It looks at what all the others have seen. */
const LAST = "test/coverage.test.ts";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    globalSetup: ["test/support/run/answers-file.ts", "test/support/run/database-template.ts"],
    reporters: ["default", nameWhatIsLeftOut(Object.keys(SLOW))],
    projects: [
      {
        test: {
          name: "suite",
          include: ["test/**/*.test.ts"],
          exclude: [LAST, ...Object.values(SLOW).flat(), "**/node_modules/**"],
          // Files that follow each other in a process need not load the server again, nor compile the embedded database.
          isolate: false,
          // Each file has a database of its own, and an embedded one takes half a gigabyte. One more than there are cores on a small machine:
          // some files wait for the clock.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
          ...patience,
        },
      },
      ...Object.entries(SLOW).map(([name, include]) => ({
        test: {
          name,
          include,
          exclude: [...(name === "browser" ? [] : SLOW.browser), "**/node_modules/**"],
          // They keep two cores busy, and some say how long something may take.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...patience,
        },
      })),
      { test: { name: "coverage", include: [LAST], sequence: { groupOrder: 2 }, ...patience } },
    ],
  },
});
