/** In charge of the bytes of requests, made before the clock starts. */
import { randomUUID } from "node:crypto";
import type { LoadPlan } from "./plan.ts";

export function makeRequests({ url, token, requests, work }: LoadPlan): Buffer[] {
  const { host } = new URL(url);
  const head = (method: string, path: string, more: readonly string[]) =>
    [`${method} ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: Bearer ${token}`, ...more, "", ""].join("\r\n");
  const post = (path: string, body: string, more: readonly string[] = []) =>
    Buffer.from(
      head("POST", path, [...more, "Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`]) + body,
    );

  return Array.from({ length: requests }, (_, index) => {
    switch (work.kind) {
      case "get":
        return Buffer.from(head("GET", inTurn(work.paths, index), []));
      case "append":
        return post(
          inTurn(work.paths, index),
          `{"rows":[${rowsFrom(work.startMs + index * work.rowsPerRequest, work.rowsPerRequest)}]}`,
          work.isKeyed ? [`Idempotency-Key: "${randomUUID()}"`] : [],
        );
      case "create":
        return post(work.path, `{"name":"${randomUUID()}","channel_schema":{"a":"float","b":"float"}}`);
    }
  });
}

function inTurn(paths: readonly string[], index: number): string {
  return paths[index % paths.length] ?? "/";
}

function rowsFrom(startMs: number, count: number): string {
  return Array.from({ length: count }, (_, place) => {
    const ms = startMs + place;
    return `{"time":"${new Date(ms).toISOString()}","a":${valueA(ms)},"b":${valueB(ms)}}`;
  }).join(",");
}

/** Values of measurements: a few digits, as a thermometer has. */
export function valueA(ms: number): number {
  return 20 + (ms % 997) / 100;
}

export function valueB(ms: number): number {
  return 1000 + (ms % 8009) / 1000;
}
