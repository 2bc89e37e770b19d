/** In charge of the file in which all workers of one run write down what the servers answered. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly answersFile: string;
  }
}

export default async function provideAnswersFile(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "kronicle-answers-"));
  const file = join(directory, "answers.ndjson");
  await writeFile(file, "");
  project.provide("answersFile", file);
  return () => rm(directory, { recursive: true });
}
