import { readFile } from "node:fs/promises";
import ts from "typescript";
import { expect, test } from "vitest";

/** Every module that importing this one brings, and every specifier that names a package or a part of a runtime. */
async function followImports(entry: URL): Promise<{ modules: string[]; foreign: string[] }> {
  const foreign = new Set<string>();
  const seen = new Set<string>();
  const follow = async (module: URL): Promise<void> => {
    if (seen.has(module.href)) return;
    seen.add(module.href);
    const { importedFiles } = ts.preProcessFile(await readFile(module, "utf8"), true, true);
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith(".")) await follow(new URL(fileName, module));
      else foreign.add(fileName);
    }
  };
  await follow(entry);
  return { modules: [...seen], foreign: [...foreign] };
}

test.each(["@kronicle/client", "@kronicle/client/raw"])(
  "nothing that the built %s imports is a part of Node, or any package but openapi-fetch",
  async (entry) => {
    const { modules, foreign } = await followImports(new URL(import.meta.resolve(entry)));
    expect(modules.length).toBeGreaterThan(10);
    expect(foreign).toEqual(["openapi-fetch"]);
  },
);
