/** In charge of metrics as Prometheus would read them. */
import { setImmediate } from "node:timers/promises";
import { as } from "../http.ts";
import type { TestServer } from "../server.ts";

export type Sample = { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Scrapes when every request before has been counted: that happens once its connection has taken the answer, a moment after the caller. */
export async function scrapeWhenIdle(server: TestServer): Promise<readonly Sample[]> {
  while (valueOf(await readMetrics(server), "kronicle_http_requests_in_flight") > 0) await setImmediate();
  const { text } = await as("reader", server).get("/metrics").expect(200);
  return parseMetrics(text);
}

/** Without a request, which would be counted itself. */
export async function readMetrics({ context }: TestServer): Promise<readonly Sample[]> {
  return parseMetrics(await context.metrics.expose());
}

/** The sum over all samples of this name that have these labels. */
export function valueOf(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  return samples
    .filter((sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

export function parseMetrics(text: string): readonly Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const {
        name = "",
        labels = "",
        value = "",
      } = /^(?<name>\w+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups ?? {};
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", text = ""]) => [key, text] as const);
      return { name, labels: Object.fromEntries(pairs), value: Number(value.replace("Inf", "Infinity")) };
    });
}
