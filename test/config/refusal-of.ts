import { ConfigError, readConfig } from "@kronicle/server/config";

/** What is said against this environment; "none" when it is taken. */
export function refusalOf(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "none";
}
