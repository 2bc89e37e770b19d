/** In charge of what the page says about the readings, around the chart and in it. */
import type { ChannelReader } from "@kronicle/client";
import type { thermometer } from "../sensor/thermometer.ts";
import { createChart } from "./create-chart.ts";
import { element } from "./element.ts";
import { followWindow, type Readings } from "./follow-window.ts";

/** @throws KronicleError when the service will not answer this page any more; while it is out of reach, the page waits. */
export async function showDashboard(channel: ChannelReader<typeof thermometer>, name: string): Promise<void> {
  element("dashboard", HTMLElement).hidden = false;
  say("name", name);
  const minutes = element("minutes", HTMLSelectElement);
  let readings: Readings = { times: new Float64Array(), temperatures: new Float64Array() };
  let pointed: number | null = null;
  const showValue = () => showReading(readings, pointed);
  const chart = createChart(element("chart", HTMLElement), (index) => {
    pointed = index;
    showValue();
  });

  for await (const news of followWindow(channel, () => Number(minutes.value))) {
    showState(news);
    readings = news ?? readings;
    const now = Date.now() / 1_000;
    chart.draw(readings, now - Number(minutes.value) * 60, now);
    showValue();
    showFigures(readings.temperatures);
  }
}

function showState(news: Readings | null): void {
  const state = element("state", HTMLElement);
  state.className = news ? "live" : "away";
  state.textContent = news ? "live" : "The server is out of reach. The chart shows what came last.";
}

/** That under the pointer, or else the newest. */
function showReading({ times, temperatures }: Readings, pointed: number | null): void {
  const index = pointed ?? times.length - 1;
  const time = times[index];
  say("value", degrees(temperatures[index]));
  say("when", time === undefined ? "no reading yet" : new Date(time * 1_000).toLocaleTimeString());
}

function showFigures(temperatures: Float64Array): void {
  const { length } = temperatures;
  const extreme = (of: (...values: number[]) => number) => (length === 0 ? undefined : of(...temperatures));
  say("lowest", degrees(extreme(Math.min)));
  say("mean", degrees(length === 0 ? undefined : temperatures.reduce((sum, value) => sum + value, 0) / length));
  say("highest", degrees(extreme(Math.max)));
  say("readings", length.toLocaleString());
}

function degrees(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(1)} °C`;
}

function say(id: string, text: string): void {
  element(id, HTMLElement).textContent = text;
}
