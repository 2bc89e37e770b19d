/** In charge of what the log could not say. */
import { Counter, type Registry } from "prom-client";
import { droppedLines } from "./logger.ts";

export function measureLog(registry: Registry): void {
  const counter = new Counter({
    name: "kronicle_log_lines_dropped_total",
    help: "Lines of the log that were dropped because nobody read stderr.",
    registers: [],
    collect() {
      this.reset();
      this.inc(droppedLines());
    },
  });
  registry.registerMetric(counter);
}
