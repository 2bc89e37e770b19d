/** In charge of how much of the storage's bounds is used, asked at a scrape, and not more often than every half a minute. */
import { Gauge, type Registry } from "prom-client";
import type { Database } from "../db/database.ts";
import { MAX_SERIES_TABLES, selectStorageUse } from "../db/queries/selectStorageUse.ts";

const MAX_AGE_MS = 30_000;

export function measureStorage({ pools }: Pick<Database, "pools">, registry: Registry): void {
  let asked = Number.NEGATIVE_INFINITY;
  const tables = new Gauge({
    name: "kronicle_series_tables",
    help: "Series tables: one for each layout of columns.",
    registers: [],
  });
  const limit = new Gauge({ name: "kronicle_series_tables_limit", help: "Most series tables that may be made.", registers: [] });
  limit.set(MAX_SERIES_TABLES);
  const chunks = new Gauge({
    name: "kronicle_series_table_chunks_max",
    help: "Chunks of the series table with the most of them.",
    registers: [],
    async collect() {
      if (performance.now() - asked < MAX_AGE_MS) return;
      asked = performance.now();
      // A database that is away is told by other metrics, and must not take these away, too.
      const use = await selectStorageUse(pools.reader).catch(() => null);
      if (use === null) return;
      tables.set(use.tables);
      this.set(use.most_chunks);
    },
  });
  // The one that asks comes first.
  for (const gauge of [chunks, tables, limit]) registry.registerMetric(gauge);
}
