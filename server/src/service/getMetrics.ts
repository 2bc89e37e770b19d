import type { Operation } from "../contract/operation.ts";

/** Access was decided before: see contract/apply-configuration.ts. */
export const getMetrics: Operation<"getMetrics"> = async (_request, { metrics }) => ({
  status: 200,
  type: "text/plain; version=0.0.4",
  body: await metrics.expose(),
});
