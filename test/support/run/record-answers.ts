/** In charge of evidence: writes down what a server of the suite really answered over HTTP, for test/coverage.test.ts. */
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import { IncomingMessage, ServerResponse } from "node:http";
import { relative } from "node:path";
import { expect } from "vitest";
import { sharedByRun } from "./shared-by-run.ts";

const CHECKOUT = new URL("../../..", import.meta.url).pathname;

/** Only what really runs counts: tests also have servers that pretend to be one, or stand before it. */
const ports = new Set<number>();
const written = new Set<string>();
const answersFile = sharedByRun("answersFile");

export function recordAnswers({ url }: { readonly url: string }): void {
  if (answersFile !== null) ports.add(Number(new URL(url).port));
}

subscribe("http.server.response.finish", (message) => {
  const request: unknown = Reflect.get(Object(message), "request");
  const response: unknown = Reflect.get(Object(message), "response");
  if (!(request instanceof IncomingMessage && response instanceof ServerResponse)) return;
  if (answersFile === null || !ports.has(request.socket.localPort ?? 0)) return;
  const file = relative(CHECKOUT, expect.getState().testPath ?? "");
  const [path] = (request.url ?? "").split("?");
  const line = JSON.stringify({ file, method: request.method?.toLowerCase(), path, status: response.statusCode });
  if (written.has(line)) return;
  written.add(line);
  appendFileSync(answersFile, `${line}\n`);
});
