/**
 * A sensor that goes on measuring while the server is away: every reading waits until it is stored, and is stored once.
 *
 *     KRONICLE=http://127.0.0.1:8000 WRITER_KEY=krn_writer_... node sensor/main.ts --name sensor-1 --interval-ms 1000
 *
 * Ctrl-C ends it when what was measured is stored.
 */
import { appendFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type BatchWriterOptions, type ChannelWriter, createWriter, isTransient, type NewRow } from "@kronicle/client";
import { thermometer } from "./thermometer.ts";

type Reading = NewRow<typeof thermometer>;

const { values } = parseArgs({
  options: {
    name: { type: "string", default: "sensor-1" },
    "interval-ms": { type: "string", default: "1000" },
    readings: { type: "string", default: "Infinity" },
  },
});
const intervalMs = Number(values["interval-ms"]);
const readings = Number(values.readings);
const { KRONICLE = "http://127.0.0.1:8000", WRITER_KEY = "" } = process.env;

const end = new AbortController();
process.once("SIGINT", () => end.abort());
process.once("SIGTERM", () => end.abort());

const channel = await openChannel();
const writer = channel.writer({ onRetry: tell, onRejected: keep });

let count = 0;
for (; count < readings && !end.signal.aborted; count++) {
  // It waits only while the server is so far behind that no more rows may be kept.
  await writer.write({ time: new Date(), reading: count, temperature: measure() });
  if (intervalMs > 0) await pause(intervalMs, undefined, { signal: end.signal }).catch(() => {});
}
await writer.close({ deadlineMs: Infinity });
console.log(`${count} readings are stored.`);

/** Creates the channel if it is missing, as soon as there is a server to ask. */
async function openChannel(): Promise<ChannelWriter<typeof thermometer>> {
  const kronicle = createWriter({ baseUrl: KRONICLE, token: WRITER_KEY });
  for (;;) {
    try {
      const { channel_id } = await kronicle.upsertChannel({
        name: values.name,
        schema: thermometer,
        columnInfo: { temperature: { unit: "Cel" } },
        density: "dense",
      });
      return kronicle.channel(channel_id, thermometer);
    } catch (error) {
      if (!isTransient(error) || end.signal.aborted) throw error;
      console.error(`${error.message} Trying again.`);
    }
  }
}

/** Stands in for the driver of a real one: a day in a minute, and some noise. */
function measure(): number {
  return 20 + 4 * Math.sin((2 * Math.PI * Date.now()) / 60_000) + 0.2 * Math.random();
}

function tell(error: unknown, failures: number): void {
  console.error(`Not delivered (${failures} in a row); ${writer.buffered} readings are kept. ${String(error)}`);
}

/** What the server will never take is kept here, with its reason. */
async function keep(...[rejected, error]: Parameters<BatchWriterOptions<Reading>["onRejected"]>): Promise<void> {
  console.error(`${rejected.length} readings are in rejected.ndjson: ${String(error)}`);
  await appendFile("rejected.ndjson", rejected.map((each) => `${JSON.stringify(each)}\n`).join(""));
}
