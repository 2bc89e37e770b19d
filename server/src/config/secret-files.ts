/** In charge of secrets in files: NAME_FILE is the path of a file that holds the value of NAME, which then stands in no environment. */
import { readFileSync } from "node:fs";

export type SecretFiles = {
  /** By the name of the setting, without `_FILE`. */
  readonly values: Readonly<Record<string, string>>;
  /** Neither a value nor a path is in them: a secret may have been put where its path belongs. */
  readonly faults: readonly string[];
};

export function readSecretFiles(env: NodeJS.ProcessEnv, names: readonly string[]): SecretFiles {
  const values: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of names) {
    const path = env[`${name}_FILE`];
    if (!path) continue;
    const fault = env[name] ? `${name} is set as well; keep one of the two` : readInto(values, name, path);
    if (fault !== null) faults.push(`${name}_FILE: ${fault}`);
  }
  return { values, faults };
}

function readInto(values: Record<string, string>, name: string, path: string): string | null {
  try {
    // Editors and `echo` end a file with a newline, which belongs to no secret.
    const value = readFileSync(path, "utf8").replace(/[\r\n]+$/, "");
    if (value === "") return "the file is empty";
    values[name] = value;
    return null;
  } catch (error) {
    return `the file cannot be read (${String(Reflect.get(Object(error), "code"))})`;
  }
}
