import type { Config } from "@kronicle/server/config";
import { afterAll, beforeAll } from "vitest";
import { startTestServer, type TestServer } from "./server.ts";

/** A server for all tests of a file, or of a `describe`. It runs from before the first of them until after the last. */
export function useTestServer(settings: Partial<Config> = {}, log?: Parameters<typeof startTestServer>[1]): TestServer {
  let running: TestServer | null = null;
  beforeAll(async () => {
    running = await startTestServer(settings, log);
  });
  afterAll(() => running?.[Symbol.asyncDispose]());

  const server = () => {
    if (running === null) throw new Error("the server does not run yet: use it in a test, or in a beforeAll");
    return running;
  };
  return {
    get url() {
      return server().url;
    },
    get context() {
      return server().context;
    },
    stop: () => server().stop(),
    [Symbol.asyncDispose]: () => server()[Symbol.asyncDispose](),
  };
}
