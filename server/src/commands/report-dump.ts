import type { DumpEnd } from "./dump/dump-lines.ts";
import { print } from "./print.ts";

type Report = { readonly verb: "Dumped" | "Restored"; readonly startedAt: number; readonly end: DumpEnd };

/** On stderr, for stdout may be the dump; with `--json` on stdout. */
export function reportDump({ verb, startedAt, end }: Report, options: { readonly json?: true | undefined }): void {
  const { channels, rows, sha256 } = end;
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  if (options.json) return print({ channels, rows, sha256, seconds }, "", options);
  process.stderr.write(`${verb} ${channels} channels and ${rows} rows in ${seconds} s (sha256 ${sha256}).\n`);
}
