/** In charge of pages as a web server has them: bundled by Vite, on an origin of their own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, preview } from "vite";

/** Bundles the page in this directory and serves it. */
export async function serveBuiltPage(root: string): Promise<AsyncDisposable & { readonly origin: string }> {
  const outDir = await mkdtemp(join(tmpdir(), "kronicle-page-"));
  const common = { root, configFile: false, logLevel: "warn" } as const;
  await build({ ...common, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...common, build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the page is not served on a port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
