/** In charge of a TimescaleDB server of a test's own, with settings that no test may give to the one that all share. */
import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { isNative } from "./database.ts";

const SCRIPT = new URL("timescaledb.sh", import.meta.url).pathname;
const execute = promisify(execFile);

/** As the script has it: Debian 12 or 13, as root. Elsewhere somebody else runs the server of the tests. */
export const canRunServers =
  isNative &&
  process.getuid?.() === 0 &&
  /^VERSION_ID="1[23]"$/m.test(await readFile("/etc/os-release", "utf8").catch(() => "")) &&
  /^ID=debian$/m.test(await readFile("/etc/os-release", "utf8").catch(() => ""));

/** `settings` are lines of postgresql.conf. */
export async function startOwnServer(settings: string) {
  const directory = await mkdtemp("/var/tmp/kronicle-test-");
  const stop = async () => {
    await execute(SCRIPT, ["stop", directory]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await execute(SCRIPT, ["start", directory]);
    await execute(SCRIPT, ["stop", directory]);
    await appendFile(join(directory, "data", "postgresql.conf"), `\n${settings}\n`);
    const { stdout } = await execute(SCRIPT, ["start", directory]);
    return { url: stdout.trim(), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
