/** In charge of what a person sees while rows are sent: a bar that moves, or a line for each data set where nothing can move. */
import cliProgress from "cli-progress";
import type { DemoOptions } from "./run-demo.ts";

type OnProgress = NonNullable<DemoOptions["onProgress"]>;

export function showProgress(stream: NodeJS.WriteStream): OnProgress {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream): OnProgress {
  const format = "{title} {bar} {value} of {total} rows";
  const bar = new cliProgress.SingleBar({ stream, format, hideCursor: true, barsize: 30 }, cliProgress.Presets.shades_classic);
  return ({ title, sentRows, totalRows }) => {
    if (bar.isActive) bar.update(sentRows);
    else bar.start(totalRows, sentRows, { title: title.padEnd(24) });
    if (sentRows === totalRows) bar.stop();
  };
}

function lines(stream: NodeJS.WriteStream): OnProgress {
  return ({ title, sentRows, totalRows }) => {
    if (sentRows === totalRows) stream.write(`${title}: ${sentRows} rows sent\n`);
  };
}
