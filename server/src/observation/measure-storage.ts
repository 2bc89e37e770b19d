/** In charge of how much of the storage's bounds is used, asked at a scrape, and not more often than every half a minute. */
import { Gauge, type Registry } from "prom-client";
import type { Database } from "../db/database.ts";
import { MAX_SERIES_TABLES, selectStorageUse } from "../db/queries/selectStorageUse.ts";

const MAX_AGE_MS = 30_000;

export function measureStorage({ pools }: Pick<Database, "pools">, registry: Registry): void {
  let asked = Number.NEGATIVE_INFINITY;
  let use: Promise<Awaited<ReturnType<typeof selectStorageUse>> | null> = Promise.resolve(null);
  // Both gauges are asked at once, and share the answer. A database that is away is told by other metrics, and must not take these away, too.
  const ask = () => {
    if (performance.now() - asked >= MAX_AGE_MS) {
      asked = performance.now();
      use = selectStorageUse(pools.reader).catch(() => null);
    }
    return use;
  };
  const tables = new Gauge({
    name: "kronicle_series_tables",
    help: "Series tables: one for each layout of columns.",
    registers: [],
    async collect() {
      const found = await ask();
      if (found) this.set(found.tables);
    },
  });
  const limit = new Gauge({ name: "kronicle_series_tables_limit", help: "Most series tables that may be made.", registers: [] });
  limit.set(MAX_SERIES_TABLES);
  const chunks = new Gauge({
    name: "kronicle_series_table_chunks_max",
    help: "Chunks of the series table with the most of them.",
    registers: [],
    async collect() {
      const found = await ask();
      if (found) this.set(found.most_chunks);
    },
  });
  for (const gauge of [tables, limit, chunks]) registry.registerMetric(gauge);
}
