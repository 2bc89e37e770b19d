/** In charge of the newest minutes of a channel, read again and again. */
import { type ChannelReader, isTransient } from "@kronicle/client";
import type { thermometer } from "../sensor/thermometer.ts";

export type Readings = {
  /** In seconds since 1970, oldest first. */
  readonly times: Float64Array;
  readonly temperatures: Float64Array;
};

const REFRESH_MS = 1_000;

/** What there is once a second; null while the service is out of reach. It starts from `minutes` ago, which may change on the way. */
export async function* followWindow(
  channel: ChannelReader<typeof thermometer>,
  minutes: () => number,
): AsyncGenerator<Readings | null, void, undefined> {
  for (;;) {
    const from = new Date(Date.now() - minutes() * 60_000);
    try {
      // Newest first, so that a page that is not enough for all holds those that matter.
      const { columns } = await channel.columns({ from, columns: ["temperature"], limit: 10_000 });
      const times = Float64Array.from(columns.time, (time) => Date.parse(time) / 1_000);
      yield { times: times.toReversed(), temperatures: columns.temperature.toReversed() };
    } catch (error) {
      if (!isTransient(error)) throw error;
      yield null;
    }
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}
