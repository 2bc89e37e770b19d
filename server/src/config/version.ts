/** The version of this server, from its package. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const manifest = z.object({ version: z.string() });

// Read and not imported: what is imported would become part of the build.
export const SERVER_VERSION = manifest.parse(
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")),
).version;
