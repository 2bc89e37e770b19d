/** In charge of what a person sees while rows go by: a bar on stderr, if that is a terminal. */
import cliProgress from "cli-progress";
import type { Progress } from "./dump/progress.ts";

export function showProgress(title: string): Progress & { readonly stop: () => void } {
  const bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      format: `${title} {bar} {value} of {total} rows, {eta_formatted} left`,
      hideCursor: true,
      barsize: 30,
    },
    cliProgress.Presets.shades_classic,
  );
  return {
    start: (totalRows) => bar.start(totalRows, 0),
    advance: (rows) => bar.increment(rows),
    stop: () => bar.stop(),
  };
}
