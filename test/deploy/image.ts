/** In charge of the image that test/deploy/build-image.sh has laid out: how it is to be run, and processes in it, held as strictly as anywhere. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Environment, run, type RunningProcess } from "../support/process.ts";

const imageConfig = z.object({
  User: z.string(),
  Env: z.array(z.string()),
  Entrypoint: z.array(z.string()),
  Cmd: z.array(z.string()),
  WorkingDir: z.string(),
  Labels: z.record(z.string(), z.string()),
  Healthcheck: z.object({ Test: z.tuple([z.literal("CMD")]).rest(z.string()) }),
});

/** As a container engine would: process 1, a file system that cannot be written to, the secrets at /run/secrets, no capability at all. */
const ENTER = `
mkdir -p "$root/run/secrets"
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$secrets" "$root/run/secrets"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$root" setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
`;

type ImageProcess = RunningProcess & {
  /** What the kernel says of process 1. */
  readonly status: () => ReadonlyMap<string, string>;
  /** Sends the signal to process 1 and waits for its end. */
  readonly stop: (signal: NodeJS.Signals) => RunningProcess["ended"];
};

export function openImage(directory: string, secrets: string) {
  const root = join(directory, "root");
  const config = imageConfig.parse(JSON.parse(readFileSync(join(directory, "config.json"), "utf8")));
  const [uid = "", gid = ""] = config.User.split(":");

  const start = (command: readonly string[], environment: Environment): ImageProcess => {
    const settings = [...config.Env, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];
    const inside = ["env", "--ignore-environment", `--chdir=${config.WorkingDir}`, ...settings, ...command];
    const outside = run(["unshare", "--pid", "--fork", "--kill-child", "--mount", "bash", "-ec", ENTER, "enter", ...inside], {
      root,
      secrets,
      uid,
      gid,
    });
    const first = () => {
      const [child = ""] = readFileSync(`/proc/${outside.pid}/task/${outside.pid}/children`, "utf8").split(" ");
      return z.coerce.number().int().positive().parse(child);
    };
    return {
      ...outside,
      status: () =>
        new Map(
          readFileSync(`/proc/${first()}/status`, "utf8")
            .split("\n")
            .map((line): [string, string] => [line.split(":")[0] ?? "", line.slice(line.indexOf(":") + 1).trim()]),
        ),
      stop: (signal) => {
        process.kill(first(), signal);
        return outside.ended;
      },
    };
  };

  return {
    root,
    config,
    /** The entry point with these words, or with those that the image names. */
    start: (environment: Environment, words: readonly string[] = config.Cmd) =>
      start([...config.Entrypoint, ...words], environment),
    checkHealth: async (environment: Environment) => {
      const [, ...command] = config.Healthcheck.Test;
      await using check = start(command, environment);
      return (await check.ended).code;
    },
  };
}
