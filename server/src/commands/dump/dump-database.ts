/** In charge of a dump as a stream of text: every live channel with its rows, as they are at one moment. */
import { createHash } from "node:crypto";
import { type DumpedChannel, selectDumpedChannel } from "./queries/selectDumpedChannel.ts";
import { selectDumpSize } from "./queries/selectDumpSize.ts";
import type { Snapshot } from "../../db/pool/with-snapshot.ts";
import { SERVER_VERSION } from "../../config/version.ts";
import { channelText } from "./channel-text.ts";
import { DumpError } from "./dump-error.ts";
import { DUMP_FORMAT, type DumpEnd, type DumpHeader } from "./dump-lines.ts";
import type { Progress } from "./progress.ts";

/**
 * Returns the line that closes the dump.
 *
 * @throws DumpError when a channel has other rows than its counters say: a dump that lacks some must not pass for a whole one.
 */
export async function* dumpDatabase(snapshot: Snapshot, progress: Progress): AsyncGenerator<string, DumpEnd> {
  const whole = createHash("sha256");
  const size = await snapshot(selectDumpSize);
  progress.start(size.rows);
  const header: DumpHeader = {
    kronicle_dump: DUMP_FORMAT,
    kronicle: SERVER_VERSION,
    created_at: new Date().toISOString(),
    ...size,
  };
  const headerText = `${JSON.stringify(header)}\n`;
  whole.update(headerText);
  yield headerText;

  let channels = 0;
  let rows = 0;
  for await (const channel of liveChannels(snapshot)) {
    const own = createHash("sha256");
    let ownRows = 0;
    for await (const part of channelText(snapshot, channel)) {
      own.update(part.text);
      whole.update(part.text);
      ownRows += part.rows;
      progress.advance(part.rows);
      yield part.text;
    }
    if (ownRows !== channel.row_count) {
      throw new DumpError(`Channel ${channel.channel_id} has ${ownRows} rows, and its counters say ${channel.row_count}.`);
    }
    const end = `${JSON.stringify({ end_of_channel: channel.channel_id, rows: ownRows, sha256: own.digest("hex") })}\n`;
    whole.update(end);
    yield end;
    channels++;
    rows += ownRows;
  }

  const end: DumpEnd = { end_of_dump: true, channels, rows, sha256: whole.digest("hex") };
  yield `${JSON.stringify(end)}\n`;
  return end;
}

async function* liveChannels(snapshot: Snapshot): AsyncGenerator<DumpedChannel> {
  const after = (id: number) => snapshot((connection) => selectDumpedChannel(connection, id));
  for (let channel = await after(0); channel; channel = await after(channel.id)) yield channel;
}
