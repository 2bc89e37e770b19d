/** In charge of what a person sees of a dump or a restore, while rows go by and at the end. */
import cliProgress from "cli-progress";
import type { DumpEnd } from "./dump-lines.ts";
import { print } from "../output.ts";

/** How far a dump or a restore has come. */
export type Progress = {
  readonly start: (totalRows: number) => void;
  /** So many rows more are done. */
  readonly advance: (rows: number) => void;
};

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

type Report = { readonly verb: "Dumped" | "Restored"; readonly startedAt: number; readonly end: DumpEnd };

/** On stderr, for stdout may be the dump; with `--json` on stdout. */
export function reportDump({ verb, startedAt, end }: Report, options: { readonly json?: true | undefined }): void {
  const { channels, rows, sha256 } = end;
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  if (options.json) return print({ channels, rows, sha256, seconds }, "", options);
  process.stderr.write(`${verb} ${channels} channels and ${rows} rows in ${seconds} s (sha256 ${sha256}).\n`);
}
