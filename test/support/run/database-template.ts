/** In charge of the one embedded database that is migrated per run: test databases are copies of its directory. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { readConfig } from "@kronicle/server/config";
import { openDatabase } from "@kronicle/server/database";
import type { TestProject } from "vitest/node";
import { SERVER_URL } from "../cluster/on-cluster.ts";
import { TEMPORARY } from "../directory.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly databaseTemplate: string;
  }
}

/** A native server makes and migrates a database in the time that it would take to copy one. */
export default async function provideDatabaseTemplate(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (SERVER_URL !== null) return undefined;
  const directory = await mkdtemp(join(TEMPORARY, "kronicle-template-"));
  const template = join(directory, "data");
  const database = await openDatabase(readConfig({ KRONICLE_DATA_DIR: template }), () => {});
  await database.close();
  project.provide("databaseTemplate", template);
  return () => rm(directory, { recursive: true });
}
