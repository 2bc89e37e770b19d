/** In charge of what a person sees meanwhile: a bar that moves, or nothing where nothing can move. */
import cliProgress from "cli-progress";

type Progress = {
  readonly update: (bytes: number, rows: number) => void;
  readonly stop: () => void;
};

export function showProgress(stream: NodeJS.WriteStream, totalBytes: number): Progress {
  if (!stream.isTTY) return { update: () => {}, stop: () => {} };
  const format = "{bar} {percentage} % | {rows} rows | {eta_formatted} left";
  const bar = new cliProgress.SingleBar({ stream, format, hideCursor: true, barsize: 40 }, cliProgress.Presets.shades_classic);
  bar.start(totalBytes, 0, { rows: 0 });
  return { update: (bytes, rows) => bar.update(bytes, { rows }), stop: () => bar.stop() };
}
