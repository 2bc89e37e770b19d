/** In charge of the runtimes of this machine that are not the one the workspace pins: what test/runtimes/package.json names, and the host's Node. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const MODULES = new URL("node_modules", import.meta.url).pathname;

/** Null where `npm run runtimes` has not installed it. */
function find(path: string): string | null {
  const program = join(MODULES, path);
  return existsSync(program) ? program : null;
}

/** The first `node` on the path that is none of a package, if it is 20 or newer. */
function findHostNode(): string | null {
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    const program = join(directory, "node");
    if (directory.includes("node_modules") || !existsSync(program)) continue;
    const version = execFileSync(program, ["--version"], { encoding: "utf8" });
    return Number(/^v(\d+)/.exec(version)?.[1]) >= 20 ? program : null;
  }
  return null;
}

export const INSTALLED = {
  hostNode: findHostNode(),
  node20: find("node-20/bin/node"),
  node22: find("node-22/bin/node"),
  bun: find(".bin/bun"),
  deno: find(".bin/deno"),
  workerd: find(".bin/workerd"),
};
