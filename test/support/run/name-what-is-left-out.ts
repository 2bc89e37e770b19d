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
        `\nNot run: ${left.join(", ")}. All of them: npm run test:slow. One: npm run test:all -- --project ${left[0]}\n`,
      );
    },
  };
}
