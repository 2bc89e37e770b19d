/** In charge of the line on the page. */
import uPlot from "uplot";
import type { Readings } from "./follow-window.ts";

type Chart = {
  /** Draws what lies between the two times, in seconds since 1970. */
  readonly draw: (readings: Readings, from: number, to: number) => void;
};

/** `onPoint` hears of the reading under the pointer; null when there is none. */
export function createChart(place: HTMLElement, onPoint: (index: number | null) => void): Chart {
  const color = (name: string) => getComputedStyle(place).getPropertyValue(name);
  const axis: uPlot.Axis = {
    stroke: () => color("--muted"),
    font: "13px system-ui, sans-serif",
    grid: { stroke: () => color("--line"), width: 1 },
    ticks: { show: false },
  };
  let range: [number, number] = [0, 1];
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      padding: [8, 36, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 9 } },
      scales: {
        x: { range: () => range },
        // Half a degree of air, so that a steady temperature does not look like a storm.
        y: { range: (_plot, lowest, highest) => [lowest - 0.5, highest + 0.5] },
      },
      axes: [
        { ...axis, space: 90, values: (_plot, splits) => splits.map((time) => new Date(time * 1_000).toLocaleTimeString()) },
        { ...axis, size: 60, values: (_plot, splits) => splits.map((value) => `${value} °C`) },
      ],
      series: [
        {},
        {
          stroke: () => color("--accent"),
          width: 2,
          points: { show: false },
          fill: ({ ctx, bbox }) => {
            const gradient = ctx.createLinearGradient(0, bbox.top, 0, bbox.top + bbox.height);
            gradient.addColorStop(0, `${color("--accent")}40`);
            gradient.addColorStop(1, `${color("--accent")}00`);
            return gradient;
          },
        },
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    },
    [[], []],
    place,
  );
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: place.clientHeight })).observe(place);
  return {
    draw: ({ times, temperatures }, from, to) => {
      range = [from, to];
      plot.setData([times, temperatures]);
    },
  };
}
