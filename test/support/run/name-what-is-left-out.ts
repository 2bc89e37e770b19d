import type { Reporter, Vitest } from "vitest/node";

/** Says which of these projects a run leaves out, and how to run them. */
export function nameWhatIsLeftOut(projects: readonly string[]): Reporter {
  let vitest: Vitest | null = null;
  return {
    onInit: (started) => {
      vitest = started;
    },
    onTestRunEnd: () => {
      const running = new Set(vitest?.projects.map(({ name }) => name));
      const left = projects.filter((name) => !running.has(name));
      if (left.length === 0) return;
      process.stdout.write(
        `\nNot run: ${left.join(", ")}. They take minutes: npm run test:slow, or one of them with npx vitest --config test/vitest.config.ts --project ${left[0]}\n`,
      );
    },
  };
}
