/** In charge of one answer to `/metrics` from several processes: whichever is asked, it answers for all of them. */
import type { Worker } from "node:cluster";
import { AggregatorRegistry, type Registry } from "prom-client";
import { z } from "zod";
import { ProblemError } from "../problems/problem-error.ts";

const sum = z.object({ type: z.literal("kronicle:metrics"), id: z.int(), text: z.string().nullable() });

/** Has this worker tell what it has counted when it is asked, and returns what asks the process that started it for the sum of all. */
export function shareMetrics(registry: Registry, worker: Worker): () => Promise<string> {
  AggregatorRegistry.setRegistries([registry]);
  startAnswering();
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  let asked = 0;

  worker.on("message", (message: unknown) => {
    const { data } = sum.safeParse(message);
    if (!data) return;
    if (data.text !== null) return waiting.get(data.id)?.resolve(data.text);
    const detail = "Another worker has not told its metrics in time. Scrape again.";
    return waiting.get(data.id)?.reject(new ProblemError("server_busy", detail));
  });

  return async () => {
    const id = asked++;
    const text = Promise.withResolvers<string>();
    waiting.set(id, text);
    try {
      worker.send({ type: "kronicle:metrics", id });
      return await text.promise;
    } finally {
      waiting.delete(id);
    }
  };
}

/** In prom-client that is what making one does. */
function startAnswering(): Registry {
  return new AggregatorRegistry();
}
