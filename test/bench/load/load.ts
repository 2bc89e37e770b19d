/** The load process: takes a plan, sends its requests, reports. It is apart from the bench so that it measures nothing but the server. */
import { setTimeout as sleep } from "node:timers/promises";
import { openConnection } from "./connection.ts";
import { makeRequests } from "./make-requests.ts";
import { loadPlan, type LoadPlan, type LoadReport } from "./plan.ts";

process.once("message", (message) => {
  void send(loadPlan.parse(message)).then((report) => process.send?.(report, () => process.disconnect()));
});

async function send(plan: LoadPlan): Promise<LoadReport> {
  const requests = makeRequests(plan);
  const connections = await Promise.all(Array.from({ length: plan.connections }, () => openConnection(plan.url)));
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  let bytes = 0;
  let next = 0;

  const startedAt = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let index = next++; index < requests.length; index = next++) {
        const request = requests[index];
        if (!request) break;
        if (plan.perSecond !== null) {
          const early = startedAt + (index * 1_000) / plan.perSecond - performance.now();
          if (early > 0) await sleep(early);
        }
        const sentAt = performance.now();
        const answer = await connection.send(request);
        if (answer.status < 300) latencies.push(performance.now() - sentAt);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        bytes += answer.bytes;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;

  for (const connection of connections) connection.close();
  latencies.sort((left, right) => left - right);
  const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { seconds, statuses, p50: quantile(0.5), p99: quantile(0.99), bytes };
}
