/** In charge of how busy the pools are, asked at each scrape rather than counted along. */
import { Gauge, type Registry } from "prom-client";
import type { Database } from "../db/database.ts";
import { DATABASE_ROLES } from "../config/database-role.ts";

export function measurePools({ pools, sizes }: Pick<Database, "pools" | "sizes">, registry: Registry): void {
  const connections = new Gauge({
    name: "kronicle_database_pool_connections",
    help: "Connections of the pool of a database role, by what they do.",
    labelNames: ["role", "state"],
    registers: [],
    collect() {
      for (const role of DATABASE_ROLES) {
        const { acquiredConnections, idleConnections, pendingConnections } = pools[role].state();
        this.set({ role, state: "in_use" }, acquiredConnections);
        this.set({ role, state: "idle" }, idleConnections);
        this.set({ role, state: "opening" }, pendingConnections);
      }
    },
  });
  const waiting = new Gauge({
    name: "kronicle_database_pool_waiting",
    help: "Requests for a connection of the database role that have none yet.",
    labelNames: ["role"],
    registers: [],
    collect() {
      for (const role of DATABASE_ROLES) this.set({ role }, pools[role].state().waitingClients);
    },
  });
  const size = new Gauge({
    name: "kronicle_database_pool_size",
    help: "Most connections that the pool of a database role may have.",
    labelNames: ["role"],
    registers: [],
  });
  for (const role of DATABASE_ROLES) size.set({ role }, sizes[role]);
  for (const gauge of [connections, waiting, size]) registry.registerMetric(gauge);
}
