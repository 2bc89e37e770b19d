/** In charge of adding up what the workers have counted, in the process that started them. */
import cluster from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import { z } from "zod";

const question = z.object({ type: z.literal("kronicle:metrics"), id: z.int() });

/** Answers each worker that asks, with the metrics of all; with null when one of them does not tell its own in time. */
export function gatherMetrics(): void {
  const all = new AggregatorRegistry();
  cluster.on("message", (worker, message: unknown) => {
    const { data } = question.safeParse(message);
    if (!data) return;
    void all
      .clusterMetrics()
      .catch(() => null)
      .then((text) => (worker.isConnected() ? worker.send({ ...data, text }) : false));
  });
}
