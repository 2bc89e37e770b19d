/** In charge of what is counted and measured, for Prometheus. The values of every label are ours and few: no caller can make one up. */
import cluster from "node:cluster";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { PROBLEMS } from "../problems/codes.ts";
import { SERVER_VERSION } from "../config/version.ts";
import { shareMetrics } from "./share-metrics.ts";
import type { ObservedRequest, Observe } from "./observation.ts";

export type Metrics = {
  readonly observe: Observe;
  readonly registry: Registry;
  /** The text exposition format of Prometheus, version 0.0.4. */
  readonly expose: () => Promise<string>;
};

/** From an append that shares a commit to a read that the statement timeout ends. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const GROUP_APPENDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
const GROUP_ROWS = [1, 10, 50, 100, 250, 500, 1_000, 2_000];

/** What belongs to no operation: a path or a method that the contract does not have. */
const NONE = "none";

export function createMetrics(contractVersion: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[] = [],
  ) => new Histogram({ name, help, buckets, labelNames, registers });

  const requests = counter("kronicle_http_requests_total", "Requests, by what became of them.", ["operation", "lane", "status"]);
  const durations = histogram(
    "kronicle_http_request_duration_seconds",
    "From the head of a request to the end of its answer.",
    SECONDS,
    ["operation", "lane"],
  );
  const inFlight = new Gauge({ name: "kronicle_http_requests_in_flight", help: "Requests not yet answered.", registers });
  const problems = counter("kronicle_problems_total", "Refusals and failures, by the code of the problem that was answered.", [
    "code",
  ]);
  const rowsAppended = counter("kronicle_rows_appended_total", "Rows that were stored.");
  const rowsRejected = counter("kronicle_rows_rejected_total", "Rows that an append with strict=false left out.");
  const rowsRead = counter("kronicle_rows_read_total", "Rows that were read and sent.");
  const replays = counter("kronicle_idempotency_replays_total", "Appends answered from an earlier request with the same key.");
  const groupAppends = histogram("kronicle_append_group_appends", "Appends that shared a commit.", GROUP_APPENDS);
  const groupRows = histogram("kronicle_append_group_rows", "Rows that shared a commit.", GROUP_ROWS);
  const groupDurations = histogram(
    "kronicle_append_group_duration_seconds",
    "From the departure of a group to its commit.",
    SECONDS,
  );
  const statements = histogram(
    "kronicle_database_statement_duration_seconds",
    "Statements, without the wait for a connection.",
    SECONDS,
    ["role"],
  );
  const databaseErrors = counter("kronicle_database_errors_total", "Statements that failed, by the class of their SQLSTATE.", [
    "role",
    "class",
  ]);
  const cleanings = counter("kronicle_janitor_rounds_total", "Rounds of the janitor that came to their end.");
  const lastCleaning = new Gauge({
    name: "kronicle_janitor_last_round_timestamp_seconds",
    help: "When the janitor last came to the end of a round.",
    registers,
    aggregator: "max",
  });
  const purgedRows = counter("kronicle_janitor_purged_rows_total", "Rows of deleted channels that were freed.");
  const forgottenKeys = counter("kronicle_janitor_forgotten_keys_total", "Idempotency keys that were forgotten after a day.");
  const backgroundFailures = counter(
    "kronicle_background_failures_total",
    "Work beside requests that failed, and is tried again.",
    ["task"],
  );
  new Gauge({
    name: "kronicle_build_info",
    help: "Always 1; its labels are the versions.",
    labelNames: ["version", "contract", "node"],
    registers,
    aggregator: "first",
  }).set({ version: SERVER_VERSION, contract: contractVersion, node: process.versions.node }, 1);

  // A rate over a counter that appears with its first failure would miss that failure.
  for (const code of Object.keys(PROBLEMS)) problems.inc({ code }, 0);
  for (const task of ["audit", "key_use", "signing_keys", "janitor"]) backgroundFailures.inc({ task }, 0);

  const observe: Observe = (observation) => {
    switch (observation.event) {
      case "request_began":
        return inFlight.inc();
      case "request_ended": {
        const { request, status, durationMs } = observation;
        const labels = labelsOf(request);
        inFlight.dec();
        requests.inc({ ...labels, status });
        durations.observe(labels, durationMs / 1_000);
        return;
      }
      case "request_failed":
      case "request_turned_away":
      case "request_unreadable":
        return problems.inc({ code: observation.code });
      case "rows_appended":
        rowsAppended.inc(observation.stored);
        rowsRejected.inc(observation.rejected);
        if (observation.isReplayed) replays.inc();
        return;
      case "rows_read":
        return rowsRead.inc(observation.rows);
      case "group_stored":
        groupAppends.observe(observation.appends);
        groupRows.observe(observation.rows);
        return groupDurations.observe(observation.durationMs / 1_000);
      case "statement_ended": {
        const { role, durationMs, error } = observation;
        statements.observe({ role }, durationMs / 1_000);
        if (error !== null) databaseErrors.inc({ role, class: error });
        return;
      }
      case "refusal_unaudited":
        return backgroundFailures.inc({ task: "audit" });
      case "key_use_unnoted":
        return backgroundFailures.inc({ task: "key_use" });
      case "signing_keys_unread":
        return backgroundFailures.inc({ task: "signing_keys" });
      case "cleaning_failed":
        return backgroundFailures.inc({ task: "janitor" });
      case "cleaning_ended":
        cleanings.inc();
        lastCleaning.setToCurrentTime();
        purgedRows.inc(observation.purgedRows);
        return forgottenKeys.inc(observation.forgottenKeys);
      default:
        // The rest is for the log alone.
        return;
    }
  };
  const { worker } = cluster;
  return { observe, registry, expose: worker ? shareMetrics(registry, worker) : () => registry.metrics() };
}

function labelsOf({ operation }: ObservedRequest): { readonly operation: string; readonly lane: string } {
  return { operation: operation?.id ?? NONE, lane: operation?.path.split("/")[1] ?? NONE };
}
