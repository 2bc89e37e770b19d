/**
 * In charge of the chunks that a stretch of time touches. TimescaleDB cuts time at multiples of the chunk interval since 1970
 * (https://docs.timescale.com/use-timescale/latest/hypertables/about-hypertables/).
 */
import { instantOf, MS_PER_DAY } from "../../formats/instant.ts";
import type { TimeWindow } from "./scan-windows.ts";

const FIRST_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59Z");

/** The window, widened to whole chunks. */
export function wholeChunks({ low, high }: TimeWindow, chunkDays: number): TimeWindow {
  const chunkMs = chunkDays * MS_PER_DAY;
  const startMs = Math.floor(Date.parse(low) / chunkMs) * chunkMs;
  const lastSecondMs = (Math.floor(Date.parse(high) / chunkMs) + 1) * chunkMs - 1_000;
  return {
    low: instantOf(Math.max(startMs, FIRST_MS)).text,
    high: instantOf(Math.min(lastSecondMs, LAST_MS)).text.replace(".000000", ".999999"),
  };
}
