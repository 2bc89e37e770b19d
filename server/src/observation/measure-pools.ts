/** In charge of how busy the pools are, asked at each scrape rather than counted along. */
import { Gauge, type Registry } from "prom-client";
import type { Database } from "../db/database.ts";
import { LANES } from "../config/lane.ts";

export function measurePools({ pools, sizes }: Pick<Database, "pools" | "sizes">, registry: Registry): void {
  const connections = new Gauge({
    name: "kronicle_database_pool_connections",
    help: "Connections of the pool of a lane, by what they do.",
    labelNames: ["lane", "state"],
    registers: [],
    collect() {
      for (const lane of LANES) {
        const { acquiredConnections, idleConnections, pendingConnections } = pools[lane].state();
        this.set({ lane, state: "in_use" }, acquiredConnections);
        this.set({ lane, state: "idle" }, idleConnections);
        this.set({ lane, state: "opening" }, pendingConnections);
      }
    },
  });
  const waiting = new Gauge({
    name: "kronicle_database_pool_waiting",
    help: "Requests for a connection of the lane that have none yet.",
    labelNames: ["lane"],
    registers: [],
    collect() {
      for (const lane of LANES) this.set({ lane }, pools[lane].state().waitingClients);
    },
  });
  const size = new Gauge({
    name: "kronicle_database_pool_size",
    help: "Most connections that the pool of a lane may have.",
    labelNames: ["lane"],
    registers: [],
  });
  for (const lane of LANES) size.set({ lane }, sizes[lane]);
  for (const gauge of [connections, waiting, size]) registry.registerMetric(gauge);
}
