import { defineConfig } from "vitest/config";

const patience = { testTimeout: 60_000, hookTimeout: 60_000 };
/** It looks at what all the others have seen. */
const LAST = "test/coverage.test.ts";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    globalSetup: ["test/support/run/answers-file.ts", "test/support/run/database-template.ts"],
    // Each file has a database of its own, and an embedded one takes half a gigabyte.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "suite",
          include: ["server/src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [LAST, "**/node_modules/**"],
          sequence: { groupOrder: 0 },
          ...patience,
        },
      },
      { test: { name: "coverage", include: [LAST], sequence: { groupOrder: 1 }, ...patience } },
    ],
  },
});
