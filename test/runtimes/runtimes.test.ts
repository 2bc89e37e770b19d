import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDirectory } from "../support/directory.ts";
import { run } from "../support/process.ts";
import { KEYS } from "../support/server.ts";
import { useTestServer } from "../support/use-test-server.ts";
import { bundle, writeModules } from "./built-exercise.ts";
import type { Place } from "./exercise.ts";
import { INSTALLED } from "./installed.ts";
import { OUTCOME } from "./outcome.ts";

const server = useTestServer();

function place(name: string): Place {
  return { baseUrl: server.url, token: KEYS.admin, name };
}

describe("the built client, found in node_modules", () => {
  let modules: Awaited<ReturnType<typeof writeModules>>;
  beforeAll(async () => {
    modules = await writeModules();
  });
  afterAll(() => modules[Symbol.asyncDispose]());

  const deno = ["run", "--quiet", "--no-remote", "--node-modules-dir=manual", "--allow-net=127.0.0.1"];

  describe.each([
    ["the host's Node", INSTALLED.hostNode, []],
    ["Node 20", INSTALLED.node20, []],
    ["Node 22", INSTALLED.node22, []],
    ["Node 24", process.execPath, []],
    ["Bun", INSTALLED.bun, ["run"]],
    ["Deno", INSTALLED.deno, deno],
  ])("in %s (skipped where it is not installed: `npm run runtimes`)", (runtime, program, args) => {
    test.skipIf(program === null)("does everything as everywhere", async () => {
      const { baseUrl, token, name } = place(runtime);
      await using child = run([program ?? "", ...args, modules.main, baseUrl, token, name], {});
      const { code } = await child.ended;
      expect({ code, stderr: child.stderr() }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(child.stdout())).toEqual(OUTCOME);
    });
  });
});

describe("the client in a bundle", () => {
  test("does everything as everywhere in a realm that has web globals and nothing of Node", async () => {
    const {
      AbortController,
      AbortSignal,
      Blob,
      FormData,
      Headers,
      Request,
      Response,
      TextDecoder,
      TextEncoder,
      URL,
      URLSearchParams,
    } = globalThis;
    const { ReadableStream, TransformStream, TextDecoderStream, clearTimeout, crypto, fetch, performance, setTimeout } =
      globalThis;
    const streams = { ReadableStream, TransformStream, TextDecoderStream, TextDecoder, TextEncoder };
    // openapi-fetch asks of each body whether it is FormData.
    const requests = { AbortController, AbortSignal, Blob, FormData, Headers, Request, Response, URL, URLSearchParams, fetch };
    const realm = createContext({ ...streams, ...requests, clearTimeout, crypto, performance, setTimeout });
    new Script(await bundle("exercise.ts", "iife")).runInContext(realm);
    expect(new Script("typeof process + typeof Buffer + typeof require").runInContext(realm)).toBe("undefined".repeat(3));

    const outcome: unknown = await new Script(`program.exercise(${JSON.stringify(place("vm"))})`).runInContext(realm);
    expect(JSON.parse(String(outcome))).toEqual(OUTCOME);
  });

  const { workerd } = INSTALLED;
  test.skipIf(workerd === null)(
    "does everything as everywhere in workerd (skipped where `npm run runtimes` has not run)",
    async () => {
      await using directory = await createDirectory();
      const config = join(directory.path, "worker.capnp");
      await writeFile(config, await readFile(new URL("worker.capnp", import.meta.url)));
      await writeFile(join(directory.path, "worker.js"), await bundle("worker.ts", "es"));
      await using runtime = run([workerd ?? "", "serve", config, "--control-fd=1"], {});
      const [, port] = await runtime.waitFor("stdout", /"event":"listen".*"port":(\d+)/);

      const response = await fetch(`http://127.0.0.1:${port}?${new URLSearchParams(place("workerd"))}`);
      expect(await response.json()).toEqual(OUTCOME);
      expect(runtime.stderr()).toBe("");
    },
  );
});
